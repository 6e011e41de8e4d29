//! Agents, listed and created over the cloud API.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Vendor;

impl Vendor {
    /// Calls an action about agents; what is inside the envelope.
    async fn staff(&self, action: &str, mut body: Value) -> Value {
        body["SdkAppId"] = 1_400_000_000.into();
        let answer = self.call_action(action, body, |_| ()).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.json()["Response"].clone()
    }
}

fn person(number: usize) -> Value {
    json!({ "Name": "Tom", "Mail": format!("tom{number}@example.com"), "Phone": format!("00861380000{number:04}") })
}

#[tokio::test]
async fn created_agents_are_listed_page_by_page_and_may_log_in() {
    let vendor = Vendor::new();
    let staffs: Vec<Value> = (0..10).map(person).collect();
    let created = vendor.staff("CreateStaff", json!({ "Staffs": staffs })).await;
    assert_eq!(created["ErrorStaffList"], json!([]));
    let page = |number: u64| {
        vendor.staff("DescribeStaffInfoList", json!({ "PageSize": 5, "PageNumber": number }))
    };
    let mut mails = Vec::new();
    for (number, length) in [(0, 5), (1, 5), (2, 2), (3, 0)] {
        let page = page(number).await;
        assert_eq!(page["TotalCount"], 12);
        let list = page["StaffList"].as_array().unwrap();
        assert_eq!(list.len(), length);
        mails.extend(list.iter().map(|staff| staff["Mail"].as_str().unwrap().to_owned()));
    }
    assert_eq!(mails[..3], ["agent@example.com", "colleague@example.com", "tom0@example.com"]);
    let one =
        vendor.staff("DescribeStaffInfoList", json!({ "StaffMail": "TOM3@example.com" })).await;
    assert_eq!((&one["TotalCount"], &one["StaffList"][0]["RoleList"]), (&json!(1), &json!([3])));
    let login =
        vendor.staff("CreateSDKLoginToken", json!({ "SeatUserId": "tom3@example.com" })).await;
    assert!(login["Token"].is_string(), "{login}");
    vendor.post("/control/reset", json!({})).await;
    assert_eq!(page(0).await["TotalCount"], 2);
    let login =
        vendor.staff("CreateSDKLoginToken", json!({ "SeatUserId": "tom3@example.com" })).await;
    assert_eq!(login["Error"]["Code"], "InvalidParameterValue.AccountNotExist");
}

#[tokio::test]
async fn each_agent_who_cannot_be_is_told_by_mail_and_code_and_the_others_are_created() {
    let vendor = Vendor::new();
    let with = |number: usize, name: &str, value: Value| {
        let mut person = person(number);
        person[name] = value;
        person
    };
    let staffs = json!([
        person(0),
        with(1, "Mail", json!("AGENT@example.com")),
        with(2, "Phone", json!("008613800000000")),
        with(3, "Phone", json!("13800000003")),
        with(4, "SkillGroupNameList", json!(["售前咨询", "nobody"])),
        with(5, "ExtensionNumber", json!("9001")),
        with(6, "Role", json!(9)),
        with(7, "SkillGroupNameList", json!(["售前咨询"])),
    ]);
    let created = vendor.staff("CreateStaff", json!({ "Staffs": staffs })).await;
    let refused: Vec<_> = created["ErrorStaffList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["StaffEmail"].as_str().unwrap(), error["Code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        refused,
        [
            ("AGENT@example.com", "FailedOperation.DuplicatedAccount"),
            ("tom2@example.com", "InvalidParameterValue.PhoneNumIsBoundOtherAccount"),
            ("tom3@example.com", "InvalidParameterValue.PhoneNumInvalid"),
            ("tom4@example.com", "InvalidParameterValue.SkillGroupError"),
            ("tom5@example.com", "InvalidParameterValue"),
            ("tom6@example.com", "InvalidParameterValue"),
        ]
    );
    let state = vendor.get("/control/state").await.json();
    assert_eq!(state["staff"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_call_of_another_form_creates_nobody() {
    let vendor = Vendor::new();
    let eleven: Vec<Value> = (0..11).map(person).collect();
    for (body, code) in [
        (json!({ "Staffs": eleven }), "LimitExceeded.OutOfCountLimit"),
        (json!({ "Staffs": [] }), "MissingParameter"),
        (json!({}), "MissingParameter"),
        (json!({ "Staffs": [person(0), 7] }), "InvalidParameter"),
        (json!({ "Staffs": [person(0), { "Name": "Tom" }] }), "MissingParameter"),
        (
            json!({ "Staffs": [person(0), { "Name": "Tom", "Mail": "a@b", "Password": "x" }] }),
            "UnknownParameter",
        ),
        (json!({ "Staffs": [{ "Name": "Tom", "Mail": "a@b", "Phone": 7 }] }), "InvalidParameter"),
        (json!({ "Staffs": [person(0)], "SendPassword": "yes" }), "InvalidParameter"),
    ] {
        let answer = vendor.staff("CreateStaff", body.clone()).await;
        assert_eq!(answer["Error"]["Code"], code, "{body}");
    }
    for (body, code) in [
        (json!({ "PageSize": 10_000 }), "InvalidParameterValue"),
        (json!({ "PageSize": 0 }), "InvalidParameterValue"),
        (json!({ "PageNumber": -1 }), "InvalidParameter"),
        (json!({ "Page": 1 }), "UnknownParameter"),
    ] {
        let answer = vendor.staff("DescribeStaffInfoList", body.clone()).await;
        assert_eq!(answer["Error"]["Code"], code, "{body}");
    }
    assert_eq!(vendor.staff("DescribeStaffInfoList", json!({})).await["TotalCount"], 2);
}
