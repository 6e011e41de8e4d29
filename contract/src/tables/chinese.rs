//! The Chinese texts of the reference in `docs/zh/reference/`: what the tables say in English, in Chinese.
//!
//! A code without a text does not compile; a method or an event without one fails the tests.

use crate::Code;

/// When a failure happens, in Chinese.
pub const fn meaning(code: Code) -> &'static str {
    match code {
        Code::LoginFailed => "登录接口或登录函数没有返回可用的登录凭证。",
        Code::Network => "请求没有到达，或没有收到响应。",
        Code::Timeout => "没有步骤失败，但已超过时限。",
        Code::CspBlocked => "页面的内容安全策略拒绝了 Calldock 所需的内容。",
        Code::TrustedTypesBlocked => "页面启用了 Trusted Types，但未允许 Calldock 的策略。",
        Code::GlobalMissing => {
            "厂商脚本已执行，但没有留下预期的全局变量；或者页面已声明了厂商脚本要读取的全局变量。"
        }
        Code::VendorRejected => "厂商收到请求后予以拒绝。",
        Code::TokenExpired => "厂商不再接受该令牌。",
        Code::AlreadyOpen => "要打开的对象已经打开，且无法共享。",
        Code::InsecureContext => "页面不是通过 HTTPS（或 localhost）提供的。",
        Code::UnsupportedBrowser => "浏览器缺少必需的能力。",
        Code::InvalidOption => "传给 Calldock 的值不符合文档规定的格式。",
        Code::SecretInPage => "页面得到了只应保存在服务端的密钥。",
        Code::OriginRefused => "外层页面的来源不在允许接收消息之列。",
        Code::Closed => "调用所针对的对象（工作台、聊天或宿主页面的服务）已关闭。",
        Code::PeerGone => "对方页面在应当响应时已离开。",
        Code::TooMany => "同一调用方在一分钟内的请求超过上限。",
        Code::QueueFull => "厂商云端每秒仅接受有限的登录，且排队持续已满。",
        Code::PopupBlocked => "浏览器拦截了新窗口。",
        Code::PermissionDenied => "用户或页面策略拒绝了权限，例如麦克风。",
        Code::OutcomeUnknown => "请求已发出但没有结果：呼叫可能已经发出。",
        Code::Aborted => "调用方自己的 signal 取消了操作。",
        Code::Internal => "Calldock 自身出错。",
    }
}

/// What a method does, by its name.
#[rustfmt::skip]
pub const METHODS: &[(&str, &str)] = &[
    ("call.startOutbound", "外呼一个号码。"),
    ("call.startInternal", "呼叫另一位坐席。"),
    ("call.accept", "接听来电。"),
    ("call.hangUp", "挂断通话。"),
    ("call.delete", "从工作台移除已结束的通话。"),
    ("call.muteMic", "静音麦克风。"),
    ("call.unmuteMic", "取消麦克风静音。"),
    ("call.isMicMuted", "麦克风是否已静音。"),
    ("call.hold", "保持通话。"),
    ("call.unhold", "恢复被保持的通话。"),
    ("call.transfer", "转接通话。"),
    ("call.sendDigits", "通话中发送按键。"),
    ("call.end", "厂商具有该方法，但未公开选项与返回值。"),
    ("call.kick", "厂商具有该方法，但未公开选项与返回值。"),
    ("chat.accept", "接入在线会话。"),
    ("chat.end", "结束在线会话。"),
    ("chat.transfer", "转接在线会话。"),
    ("chat.sendCard", "发送卡片（Desk 版）。"),
    ("chat.sendOrder", "发送订单（Desk 版）。"),
    ("video.accept", "接听视频通话。"),
    ("video.end", "结束视频通话。"),
    ("video.transfer", "转接视频通话。"),
    ("video.muteMic", "静音麦克风。"),
    ("video.unmuteMic", "取消麦克风静音。"),
    ("video.muteVideo", "关闭摄像头。"),
    ("video.unmuteVideo", "打开摄像头。"),
    ("agent.online", "坐席上线。"),
    ("agent.offline", "坐席下线。"),
    ("agent.setStatus", "设置坐席状态。"),
    ("agent.getStatus", "查询坐席状态。"),
    ("admin.getSkillGroups", "列出技能组。仅厂商脚本的旧版本具有。"),
    ("devices.isBrowserSupported", "浏览器是否受支持。"),
    ("devices.isEnvSupported", "浏览器、连接与设备是否适合通话。"),
    ("devices.getMicrophones", "列出麦克风。"),
    ("devices.getSpeakers", "列出扬声器。"),
    ("ui.show", "显示厂商界面。"),
    ("ui.hide", "隐藏厂商界面。"),
    ("ui.showWorkbench", "显示工作台。"),
    ("ui.hideWorkbench", "隐藏工作台。"),
    ("ui.showFloatButton", "显示悬浮按钮。"),
    ("ui.hideFloatButton", "隐藏悬浮按钮。"),
    ("ui.mount", "厂商具有该方法，但未公开选项。重复调用会使厂商的监听成倍增加。"),
    ("ui.configureButtons", "选择厂商界面显示哪些按钮。"),
];

/// When an event happens, by the vendor's name for it.
#[rustfmt::skip]
pub const EVENTS: &[(&str, &str)] = &[
    ("ready", "坐席以新的登录凭证重新登录成功；首次就绪时 `openWorkbench` 完成。"),
    ("tokenExpired", "令牌不再有效；Calldock 会自行获取新的登录凭证。"),
    ("callIn", "有电话或会话呼入。"),
    ("userAccessed", "坐席已接听。"),
    ("calloutAccepted", "外呼的被叫已接听。"),
    ("callOuted", "外呼已发起。"),
    ("sessionEnded", "会话已结束。"),
    ("sessionCompleted", "会话的后续处理也已完成（旧版文档）。"),
    ("transfer", "会话已转接。"),
    ("autoTransfer", "无人接听的会话自动转给其他坐席。"),
    ("statusChanged", "坐席状态已改变。"),
];

/// The text of a name in one of the lists.
pub fn text(list: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{events, methods};

    #[test]
    fn every_method_and_event_has_one_chinese_text() {
        let names: Vec<_> = METHODS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, methods::METHODS.iter().map(|method| method.name).collect::<Vec<_>>());
        let names: Vec<_> = EVENTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, events::EVENTS.iter().map(|event| event.vendor).collect::<Vec<_>>());
        for (name, text) in METHODS.iter().chain(EVENTS) {
            assert!(text.ends_with('。'), "{name}");
        }
        assert_eq!(text(EVENTS, "transfer"), Some("会话已转接。"));
        assert_eq!(text(EVENTS, "transferred"), None);
        for code in Code::ALL {
            assert!(meaning(*code).ends_with('。'), "{code}");
        }
    }
}
