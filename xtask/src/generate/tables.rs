use std::fmt::Write as _;

use calldock_contract::SECRET_NAMES;
use calldock_contract::tables::call::{AGENT_PARAMETERS, PARAMETERS};
use calldock_contract::tables::cec::{FIRST_SCRIPT, SECOND_SCRIPT, SUPPORT_EVENTS, USER_ID_ADVICE};
use calldock_contract::tables::events::EVENTS;
use calldock_contract::tables::logins::LOGINS;
use calldock_contract::tables::messages::{Body, MESSAGES};
use calldock_contract::tables::methods::{METHODS, Response, Takes};
use calldock_contract::tables::options::OPTIONS;
use calldock_contract::tables::origins::{
    CHAT_PAGE, CHAT_WIDGET, VENDOR_ORIGINS, WIDGET_EVENTS, WIDGET_GLOBAL,
};
use calldock_contract::tables::redaction::{LOGGED_MEMBERS, PRIVATE_NAMES, TOKEN_LENGTH};
use calldock_contract::tables::shape::{Form, Member, Rule, Shape, Unlisted};

use super::{HEAD, literal};

/// `origins.ts`, apart from the tables because the command line needs it without them.
pub fn origins() -> String {
    let origins: Vec<String> = VENDOR_ORIGINS.into_iter().map(literal).collect();
    let doc = "/** The origins of TCCC's workbench. */";
    format!(
        "{HEAD}{doc}\nexport const VENDOR_ORIGINS: readonly string[] = [\n  {},\n]\n",
        origins.join(",\n  ")
    )
}

/// `tables.ts`: one constant per table, so that a bundler drops what a page does not use.
pub fn write() -> String {
    let mut out = format!(
        "{HEAD}// How a shape is written is described in ../check.ts.\n\n\
         import type {{ Shape }} from '../check.js'\nimport type * as T from './types.js'\n\n"
    );
    let mut secrets = SECRET_NAMES.map(str::to_ascii_lowercase).to_vec();
    // A member is one that ends so: `appSecret` is there with `secret`.
    let all = secrets.clone();
    secrets.retain(|name| !all.iter().any(|end| end != name && name.ends_with(end)));
    let lists: [(&str, &str, Vec<&str>); 4] = [
        (
            "SECRETS",
            "Names of members that only a server may have, in lower case.",
            secrets.iter().map(String::as_str).collect(),
        ),
        (
            "PARAMETERS",
            "The parameters of a screen pop that TCCC documents.",
            PARAMETERS.iter().map(|parameter| parameter.name).collect(),
        ),
        (
            "AGENT_PARAMETERS",
            "The parameters that CEC's agent workbench gives a page.",
            AGENT_PARAMETERS.iter().map(|parameter| parameter.name).collect(),
        ),
        (
            "LOGGED_MEMBERS",
            "Members of events that may be logged as they are.",
            LOGGED_MEMBERS.to_vec(),
        ),
    ];
    for (name, doc, items) in lists {
        let items: Vec<String> = items.into_iter().map(literal).collect();
        writeln!(
            out,
            "/** {doc} */\nexport const {name}: readonly string[] = [{}]\n",
            items.join(", ")
        )
        .expect("a text takes it");
    }
    let private = PRIVATE_NAMES.join("|").replace('.', "[-_ ]?");
    writeln!(out, "/** Names of members whose values are private, whatever they hold. */\nexport const PRIVATE_NAME = /{private}/i\n").expect("a text takes it");
    writeln!(out, "/** A word of this many characters is a token. */\nexport const PRIVATE_LENGTH = {TOKEN_LENGTH}\n").expect("a text takes it");
    for (name, doc, address) in [
        ("CHAT_PAGE", "TCCC's chat page.", CHAT_PAGE),
        ("CHAT_WIDGET", "TCCC's chat widget.", CHAT_WIDGET),
        ("WIDGET_GLOBAL", "The chat widget's one global.", WIDGET_GLOBAL),
        ("FIRST_SCRIPT", "The first script of Token mode.", FIRST_SCRIPT),
        (
            "SECOND_SCRIPT",
            "The script of Authorization mode, and the second of Token mode.",
            SECOND_SCRIPT,
        ),
    ] {
        writeln!(out, "/** {doc} */\nexport const {name} = {}\n", literal(address))
            .expect("a text takes it");
    }
    let events: Vec<_> =
        WIDGET_EVENTS.map(|(name, vendor)| format!("{name}: {}", literal(vendor))).to_vec();
    let events = events.join(", ");
    writeln!(out, "/** The chat widget's events, with the vendor's names. */\nexport const WIDGET_EVENTS = {{ {events} }} as const\n").expect("a text takes it");
    let events = SUPPORT_EVENTS.map(literal).join(", ");
    writeln!(
        out,
        "/** What AICCSupport.js reports. */\nexport const SUPPORT_EVENTS = [{events}] as const\n"
    )
    .expect("a text takes it");
    writeln!(out, "/** A CEC user id longer than this, in characters, causes a warning. */\nexport const USER_ID_ADVICE = {USER_ID_ADVICE}\n").expect("a text takes it");
    for shape in LOGINS.into_iter().chain(OPTIONS) {
        constant(&mut out, shape);
    }
    messages(&mut out);
    out
}

/// `workbench.ts`: the tables that only a page with the workbench needs, in a file of their own, because
/// some bundlers keep a file whole once any part of the page might import it later.
pub fn workbench() -> String {
    let mut out = format!(
        "{HEAD}// How a shape is written is described in ../check.ts.\n\n\
         import type {{ Shape }} from '../check.js'\nimport type * as T from './types.js'\n\n"
    );
    methods(&mut out);
    events(&mut out);
    out
}

fn constant(out: &mut String, shape: &Shape) {
    let (name, body) = (constant_name(shape.name), object(shape));
    writeln!(out, "export const {name}: Shape<T.{}> = {body}\n", shape.name)
        .expect("a text takes it");
}

fn methods(out: &mut String) {
    let mut written: Vec<&str> = Vec::new();
    for method in METHODS {
        if let Takes::Options(shape) = method.takes
            && !written.contains(&shape.name)
        {
            written.push(shape.name);
            constant(out, shape);
        }
    }
    *out += "/**\n * The workbench's methods: what it takes (a shape, 0 nothing, 1 anything, 2 a function that is called for\n \
        * each button), what it responds with if anything, the vendor's call where it is not the same name in the\n \
        * vendor's group (`call.accept`: `Call.accept`).\n */\n\
        export const METHODS: Readonly<Record<T.MethodName, readonly [takes: Shape | 0 | 1 | 2, response?: T.MethodResponse, vendor?: string]>> = {\n";
    for method in METHODS {
        let takes = match method.takes {
            Takes::Nothing => "0".into(),
            Takes::Anything => "1".into(),
            Takes::Buttons => "2".into(),
            Takes::Options(shape) => constant_name(shape.name),
        };
        let mut row: Vec<String> = vec![takes];
        let same = vendor_call(method.name) == method.vendor;
        if !same || method.response != Response::Nothing {
            row.push(literal(response(method.response)));
        }
        if !same {
            row.push(literal(method.vendor));
        }
        writeln!(out, "  {}: [{}],", literal(method.name), row.join(", "))
            .expect("a text takes it");
    }
    *out += "}\n\n";
}

/// The vendor's call of the same name: `call.accept` is `Call.accept`, `ui.show` is `UI.show`.
fn vendor_call(name: &str) -> String {
    let (group, method) = name.split_once('.').unwrap_or((name, ""));
    let group = match group {
        "ui" => "UI".to_owned(),
        other => other[..1].to_ascii_uppercase() + &other[1..],
    };
    [&group, ".", method].concat()
}

/// The name of a response in the table.
pub fn response(response: Response) -> &'static str {
    match response {
        Response::Nothing => "nothing",
        Response::Session => "session",
        Response::Flag => "flag",
        Response::Status => "text",
        Response::Devices | Response::SkillGroups => "list",
        Response::Anything => "anything",
    }
}

fn messages(out: &mut String) {
    for message in MESSAGES {
        if let Body::Object(shape) = message.body {
            constant(out, shape);
        }
    }
    *out += "/** The `ccc-sdk` messages: the shape of the body, or 0 for a text. */\n\
        export const MESSAGES: Readonly<Record<T.MessageName, Shape | 0>> = {\n";
    for message in MESSAGES {
        let body = match message.body {
            Body::Object(shape) => constant_name(shape.name),
            Body::Text => "0".into(),
        };
        writeln!(out, "  {}: {body},", message.event).expect("a text takes it");
    }
    *out += "}\n\n";
}

fn events(out: &mut String) {
    *out += "/** The vendor's events: our name, the vendor's members that have another name here, a member that is added. */\n\
        export const EVENTS: Readonly<Record<string, readonly [name: T.WorkbenchEventName, renames: Readonly<Record<string, string>>, adds?: Readonly<Record<string, boolean>>]>> = {\n";
    for event in EVENTS {
        let mut renames: Vec<String> = Vec::new();
        for member in event.payload.iter().flat_map(|shape| shape.members) {
            let rename = member.vendor.map(|vendor| format!("{vendor}: '{}'", member.name));
            renames.extend(rename.filter(|one| !renames.contains(one)));
        }
        let renames =
            if renames.is_empty() { "{}".into() } else { format!("{{ {} }}", renames.join(", ")) };
        let adds =
            event.adds.map(|(name, value)| format!(", {{ {name}: {value} }}")).unwrap_or_default();
        writeln!(out, "  {}: ['{}', {renames}{adds}],", event.vendor, event.name)
            .expect("a text takes it");
    }
    *out += "}\n";
}

fn object(shape: &Shape) -> String {
    let mut members: Vec<String> = shape
        .members
        .iter()
        .map(|member| format!("{}: {}", key(member), form(member.form)))
        .collect();
    members.extend(match shape.rule {
        Rule::None => None,
        Rule::SomeOf(names) => Some(format!("'+': '{}'", names.join("|"))),
        Rule::AllOrNone(names) => Some(format!("'=': '{}'", names.join("|"))),
        Rule::Together(first, rest) => Some(format!("'>': '{first}|{}'", rest.join("|"))),
        Rule::NamedBy(name) => Some(format!("'#': '{name}'")),
    });
    if shape.unlisted == Unlisted::Ignored {
        members.push("'*': 1".into());
    }
    if members.is_empty() { "{}".into() } else { format!("{{ {} }}", members.join(", ")) }
}

fn key(member: &Member) -> String {
    let mut key = String::from(member.name);
    if !member.needed {
        key.push('?');
    }
    for part in member
        .vendor
        .map(|vendor| format!(":{vendor}"))
        .into_iter()
        .chain(member.aliases.iter().map(|alias| format!("={alias}")))
    {
        key += &part;
    }
    if key.bytes().all(|c| c.is_ascii_alphanumeric()) { key } else { literal(&key) }
}

fn form(form: Form) -> String {
    match form {
        Form::Text => "0".into(),
        Form::Phone => "1".into(),
        Form::Id => "2".into(),
        Form::Texts | Form::WordList(_) => "3".into(),
        Form::Flag => "4".into(),
        Form::Number => "5".into(),
        Form::Keys => "6".into(),
        Form::Json => "7".into(),
        Form::Function(_) => "8".into(),
        Form::Any(_) | Form::Typed(_) => "9".into(),
        Form::TextTo(limit) => limit.to_string(),
        Form::Words(words) | Form::OpenWords(words) => literal(&words.join("|")),
        Form::Object(shape) => object(shape),
    }
}

/// `OutboundCallOptions` as `OUTBOUND_CALL_OPTIONS`.
fn constant_name(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use calldock_contract::tables::shape::{needed, optional};

    #[test]
    fn a_shape_is_written_as_check_ts_reads_it() {
        const INNER: Shape = Shape::new("Inner", "", &[needed("a", Form::Text, "")]);
        const SHAPE: Shape = Shape::new(
            "OuterShape",
            "",
            &[
                needed("agentId", Form::Text, "").vendor("userId"),
                optional("sdkUrl", Form::TextTo(256), "").or(&["sdkURL", "SdkURL"]),
                optional("mode", Form::Words(&["a", "b"]), ""),
                needed("payload", Form::Object(&INNER), ""),
            ],
        )
        .rule(Rule::SomeOf(&["sdkUrl", "mode"]))
        .open();
        assert_eq!(
            object(&SHAPE),
            "{ 'agentId:userId': 0, 'sdkUrl?=sdkURL=SdkURL': 256, 'mode?': 'a|b', payload: { a: 0 }, '+': 'sdkUrl|mode', '*': 1 }"
        );
        assert_eq!(constant_name("OuterShape"), "OUTER_SHAPE");
    }
}
