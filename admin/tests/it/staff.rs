//! `staff sync`: the agents of a list are created once.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use calldock_admin::staff::file::{Form, read};
use calldock_admin::staff::sync::{Options, run};
use calldock_admin::staff::{Person, Report};
use calldock_server::config::Config;
use calldock_server::tccc::transport::{Call, Reply, Sending, TransportError};
use calldock_server::tccc::{Api, Failure, Transport};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::documents::{blocks, committed};
use crate::program::{self, error};

/// A contact centre that keeps its agents, and refuses some agents and some calls.
#[derive(Default)]
struct Centre {
    staff: Mutex<Vec<Value>>,
    /// The sizes of the batches that were sent.
    batches: Mutex<Vec<usize>>,
    /// Codes for mail addresses that are refused.
    refused: Vec<(&'static str, &'static str)>,
    /// Codes for mail addresses that make the whole call fail.
    spoiling: Vec<(&'static str, &'static str)>,
    /// The response to the n-th creation, once.
    faults: Mutex<Vec<(usize, Fault)>>,
}

#[derive(Clone, Copy)]
enum Fault {
    Code(&'static str),
    Timeout,
}

impl Centre {
    fn answer(&self, action: &str, body: &Value) -> Result<Value, TransportError> {
        let mut staff = self.staff.lock().unwrap();
        if action == "DescribeStaffInfoList" {
            let part = |name: &str| usize::try_from(body[name].as_u64().unwrap()).unwrap();
            let (size, number) = (part("PageSize"), part("PageNumber"));
            let page: Vec<_> = staff.iter().skip(size * number).take(size).cloned().collect();
            return Ok(json!({ "TotalCount": staff.len(), "StaffList": page }));
        }
        assert_eq!(action, "CreateStaff");
        let asked = body["Staffs"].as_array().unwrap();
        assert!((1..=10).contains(&asked.len()));
        let mut batches = self.batches.lock().unwrap();
        batches.push(asked.len());
        let mut faults = self.faults.lock().unwrap();
        if let Some(at) = faults.iter().position(|(number, _)| *number == batches.len()) {
            match faults.remove(at).1 {
                Fault::Code(code) => return Ok(refusal(code)),
                Fault::Timeout => return Err(TransportError::Timeout),
            }
        }
        let code_of = |of: &[(&'static str, &'static str)], staff: &Value| {
            of.iter().find(|(mail, _)| staff["Mail"] == *mail).map(|(_, code)| *code)
        };
        if let Some(code) = asked.iter().find_map(|staff| code_of(&self.spoiling, staff)) {
            return Ok(refusal(code));
        }
        let mut errors = Vec::new();
        for new in asked {
            match code_of(&self.refused, new) {
                Some(code) => errors.push(json!({
                    "StaffEmail": new["Mail"].as_str().unwrap().to_uppercase(), "Code": code,
                    "Message": format!("free text about {}", new["Name"]),
                })),
                None => {
                    staff.push(json!({ "Mail": new["Mail"], "Name": new["Name"], "RoleId": 3 }))
                }
            }
        }
        Ok(json!({ "ErrorStaffList": errors }))
    }
}

fn refusal(code: &str) -> Value {
    json!({ "Error": { "Code": code, "Message": "free text" } })
}

impl Transport for Centre {
    fn send(&self, call: Call) -> Sending<'_> {
        let action = call.headers["x-tc-action"].to_str().unwrap();
        let body: Value = serde_json::from_str(&call.body).unwrap();
        let answer = self.answer(action, &body).map(|response| {
            let body = json!({ "Response": response }).to_string();
            Reply { status: StatusCode::OK, headers: HeaderMap::new(), body: body.into() }
        });
        Box::pin(async { answer })
    }
}

/// A list of agents `a0@example.com`, `a1@example.com`, ….
fn csv(count: usize) -> String {
    let rows = (0..count).map(|number| format!("Tom {number},a{number}@example.com\n"));
    format!("name,mail\n{}", rows.collect::<String>())
}

fn tccc() -> calldock_server::tccc::TcccSettings {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calldock.toml");
    let text = "[tccc]\nsdk_app_id = 1400000000\nsecret_id = \"AKIDEXAMPLE\"\nsecret_key = \"SECRETKEYEXAMPLE\"\n[identity]\nkind = \"fixed\"\nuser_id = \"agent@example.com\"\n";
    std::fs::write(&file, text).unwrap();
    Config::load(Some(&file), []).unwrap().tccc.unwrap()
}

fn people(count: usize) -> Vec<Person> {
    let Ok(people) = read(csv(count).as_bytes(), Form::Csv) else { panic!() };
    people
}

async fn sync(centre: &Arc<Centre>, count: usize, dry_run: bool) -> Result<Report, Failure> {
    let api = Api::new(tccc(), centre.clone());
    run(&api, people(count), Options { dry_run, send_password: true }).await
}

async fn outcomes(centre: &Arc<Centre>, count: usize) -> (Vec<String>, bool) {
    let Ok(report) = sync(centre, count, false).await else { panic!("expected a report") };
    let names = report.entries.iter().map(|entry| entry.outcome.name().to_owned());
    (names.collect(), report.is_good())
}

#[tokio::test(start_paused = true)]
async fn missing_agents_are_created_ten_at_a_time_and_a_second_run_creates_none() {
    let centre = Arc::new(Centre::default());
    for mail in ["A7@EXAMPLE.COM", "boss@example.com"] {
        centre.staff.lock().unwrap().push(json!({ "Mail": mail, "Name": "Tom 7", "RoleId": 3 }));
    }
    let Ok(dry) = sync(&centre, 45, true).await else { panic!() };
    assert!(dry.is_good() && centre.batches.lock().unwrap().is_empty());
    assert_eq!(dry.json()["counts"]["missing"], 44);
    assert_eq!(dry.json()["onlyInContactCentre"], 1);
    let (names, good) = outcomes(&centre, 45).await;
    assert!(good);
    assert_eq!(names.iter().filter(|name| *name == "created").count(), 44);
    assert_eq!(names[7], "exists");
    assert_eq!(std::mem::take(&mut *centre.batches.lock().unwrap()), [10, 10, 10, 10, 4]);
    let (names, good) = outcomes(&centre, 45).await;
    assert!(good && names.iter().all(|name| name == "exists"), "{names:?}");
    assert!(centre.batches.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refused_agent_is_reported_and_the_others_are_created() {
    let centre = Arc::new(Centre {
        refused: vec![("a3@example.com", "InvalidParameterValue.PhoneNumIsBoundOtherAccount")],
        ..Centre::default()
    });
    let Ok(report) = sync(&centre, 12, false).await else { panic!() };
    assert!(!report.is_good());
    let json = report.json();
    assert_eq!(json["counts"]["created"], 11);
    assert_eq!(json["staff"][3]["outcome"], "failed");
    assert_eq!(json["staff"][3]["code"], "InvalidParameterValue.PhoneNumIsBoundOtherAccount");
    let table = report.table();
    assert!(table.contains("a3@example.com") && table.contains("11 created, 1 failed"), "{table}");
    assert!(table.contains("belongs to another agent. Give the agent another number"), "{table}");
    assert!(!table.contains("free text"));
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_makes_a_batch_fail_does_not_stop_the_others() {
    let centre = Arc::new(Centre {
        spoiling: vec![("a4@example.com", "InvalidParameterValue.SkillGroupError")],
        ..Centre::default()
    });
    let (names, _) = outcomes(&centre, 15).await;
    assert_eq!(names.iter().filter(|name| *name == "created").count(), 14);
    assert_eq!(names[4], "failed");
    assert_eq!(centre.batches.lock().unwrap().len(), 1 + 10 + 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_every_call_would_get_ends_the_run() {
    for code in ["LimitExceeded.InsufficientLicense", "InvalidParameterValue.InstanceNotExist"] {
        let centre = Centre::default();
        centre.faults.lock().unwrap().push((2, Fault::Code(code)));
        let centre = Arc::new(centre);
        let (names, good) = outcomes(&centre, 25).await;
        assert!(!good);
        let count = |name: &str| names.iter().filter(|found| *found == name).count();
        assert_eq!((count("created"), count("failed"), count("notTried")), (10, 10, 5), "{code}");
        // The next run continues where this one ended.
        let (names, good) = outcomes(&centre, 25).await;
        assert!(good, "{names:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_leaves_the_outcome_of_its_agents_unknown() {
    let centre = Centre::default();
    centre.faults.lock().unwrap().push((1, Fault::Timeout));
    let centre = Arc::new(centre);
    let (names, good) = outcomes(&centre, 12).await;
    assert!(!good);
    assert_eq!((names[0].as_str(), names[11].as_str()), ("unknown", "notTried"));
    assert!(outcomes(&centre, 12).await.1);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limited_call_is_made_again() {
    let centre = Centre::default();
    let soon = Fault::Code("RequestLimitExceeded");
    centre.faults.lock().unwrap().extend([(1, soon), (2, soon)]);
    let centre = Arc::new(centre);
    let (names, good) = outcomes(&centre, 3).await;
    assert!(good && names.iter().all(|name| name == "created"), "{names:?}");
    assert_eq!(*centre.batches.lock().unwrap(), [3, 3, 3]);
}

#[test]
fn a_wrong_list_is_refused_as_a_whole_before_any_call() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let text = |path: &str| error(&program::run(&["staff", "sync", path, "--demo"], ""));
    let path = write("agents.csv", "name,mail\nTom,SECRET\n,tom@example.com\n".as_bytes());
    let list = text(&path);
    for part in ["agents.csv: 2 mistakes", "line 2: mail: expected", "line 3: name: expected"] {
        assert!(list.contains(part), "{list}");
    }
    assert!(!list.contains("SECRET") && !list.contains("tom@"), "{list}");
    assert!(text(&write("gbk.csv", b"name,mail\n\xd5\xc5,a@example.com\n")).contains("CSV UTF-8"));
    assert!(text(&write("agents.xlsx", b"PK")).contains(".csv or .json"));
    assert!(text("/nonexistent/agents.csv").contains("cannot be read"));
    let path = write("good.csv", csv(1).as_bytes());
    let text = error(&program::run(&["staff", "sync", &path], ""));
    assert!(text.contains("in the configuration:"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_writes_personal_data_to_standard_output_only() {
    let centre = Arc::new(Centre {
        refused: vec![("a1@example.com", "FailedOperation.DuplicatedAccount")],
        ..Centre::default()
    });
    let kept = Arc::clone(&centre);
    let answer = move |headers: HeaderMap, body: Bytes| async move {
        let action = headers["x-tc-action"].to_str().unwrap();
        let response = kept.answer(action, &serde_json::from_slice(&body).unwrap()).unwrap();
        json!({ "Response": response }).to_string()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let vendor = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/", post(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agents.csv");
    std::fs::write(&path, csv(2)).unwrap();
    let path = path.to_str().unwrap().to_owned();
    let run = |more: &'static [&'static str]| {
        let arguments = [&["staff", "sync", &path, "--demo", "--vendor", &vendor], more].concat();
        let output = program::run(&arguments, "");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, text) = run(&["--dry-run"]);
    assert!(status == Some(0) && text.contains("2 missing"), "{text}");
    let (status, text) = run(&["--json"]);
    let text: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (status, &text["counts"]["created"], &text["counts"]["failed"]),
        (Some(1), &json!(1), &json!(1))
    );
    assert_eq!(text["staff"][1]["mail"], "a1@example.com");
    let (status, text) = run(&[]);
    assert!(status == Some(1) && text.contains("1 exists, 1 failed"), "{text}");
}

/// The documents' lists are read, and lead to the documents' output.
#[tokio::test(start_paused = true)]
async fn the_documented_lists_have_the_documented_output() {
    let groups = |names: &[&str]| {
        names.iter().map(|name| json!({ "SkillGroupName": name })).collect::<Vec<_>>()
    };
    let staff = [
        json!({
            "Mail": "zhangsan@example.com", "Name": "张三", "Phone": "008613800000001", "RoleId": 3,
            "SkillGroupList": groups(&["售前", "投诉"]),
        }),
        json!({
            "Mail": "lisi@example.com", "Name": "李四", "Phone": "008613800000002", "RoleId": 3,
            "SkillGroupList": groups(&["售前"]),
        }),
        json!({ "Mail": "boss@example.com", "Name": "Tom", "RoleId": 1 }),
    ];
    for file in ["docs/en/operate/operation.md", "docs/zh/operate/operation.md"] {
        let document = committed(file);
        let lists: Vec<_> = blocks(&document, "csv");
        let Ok(people) = read(lists[0].as_bytes(), Form::Csv) else { panic!("{file}") };
        let centre = Arc::new(Centre { staff: Mutex::new(staff.to_vec()), ..Centre::default() });
        let api = Api::new(tccc(), centre);
        let options = Options { dry_run: true, send_password: true };
        let Ok(report) = run(&api, people, options).await else { panic!("{file}") };
        let [table, mistakes] = blocks(&document, "text")[..] else { panic!("{file}") };
        assert_eq!(report.table(), table, "{file}");
        let wrong = "name,mail,phone\n张三,zhangsan@example.com,13800000001\n李四,lisi,\n";
        let Err(found) = read(wrong.as_bytes(), Form::Csv) else { panic!("{file}") };
        assert_eq!(format!("agents.csv: {found}\n"), mistakes, "{file}");
        let list = blocks(&document, "json").into_iter().find(|block| block.starts_with('['));
        let Ok(people) = read(list.unwrap().as_bytes(), Form::Json) else { panic!("{file}") };
        assert_eq!(people.len(), 2, "{file}");
        for column in calldock_admin::staff::person::COLUMNS {
            let row = document.lines().find(|line| line.starts_with(&format!("| `{column}` | ")));
            let chinese = row.unwrap().split(" | ").nth(1).unwrap();
            let spelling = calldock_admin::staff::person::column(chinese);
            let expected = calldock_admin::staff::person::column(column);
            assert!(spelling.is_some() && spelling == expected, "{file}: {chinese}");
        }
    }
}
