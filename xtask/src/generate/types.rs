use std::fmt::Write as _;

use calldock_contract::tables::call::{AGENT_PARAMETERS, PARAMETERS, Parameter};
use calldock_contract::tables::events::{EVENTS, Event};
use calldock_contract::tables::logins::LOGINS;
use calldock_contract::tables::messages::{Body, MESSAGES};
use calldock_contract::tables::methods::{GROUPS, METHODS, Method, Response, Takes};
use calldock_contract::tables::options::OPTIONS;
use calldock_contract::tables::responses::{RESPONSES, WORDS};
use calldock_contract::tables::shape::{Form, Member, Rule, Shape};

use super::{HEAD, comment};

/// `types.ts`: the public types of methods, events, messages, logins and options.
pub fn write() -> String {
    let mut out = format!(
        "{HEAD}\nimport type {{ CalldockError }} from '../core/errors.js'\nimport type {{ LoginSource }} from '../page/login.js'\n\
         import type {{ CallOutResult }} from '../tccc/frame/result.js'\nimport type {{ Workbench }} from '../tccc/host/workbench.js'\n\n\
         /** JSON data: a text, a number, a boolean, `null`, a list or an object of these. */\n\
         export type JsonData = string | number | boolean | null | object\n\n"
    );
    for (name, doc, words) in WORDS {
        out += &comment(doc, "");
        writeln!(out, "export type {name} = {} | (string & {{}})\n", union(words))
            .expect("a text takes it");
    }
    let mut shapes: Vec<&Shape> = Vec::new();
    let methods = METHODS.iter().filter_map(|method| match method.takes {
        Takes::Options(shape) => Some(shape),
        _ => None,
    });
    let messages = MESSAGES.iter().filter_map(|message| match message.body {
        Body::Object(shape) => Some(shape),
        Body::Text => None,
    });
    let payloads = EVENTS.iter().flat_map(|event| event.payload);
    for shape in
        RESPONSES.iter().chain(LOGINS).chain(OPTIONS).chain(methods).chain(messages).chain(payloads)
    {
        add(&mut shapes, shape);
    }
    for shape in shapes {
        interface(&mut out, shape);
    }
    call_context(&mut out);
    groups(&mut out);
    names(&mut out);
    events(&mut out);
    out
}

/// `tests/types/method-names.ts`: what the package's types are compared with.
pub fn method_names() -> String {
    let mut out =
        format!("{HEAD}\n/** Every method of the workbench. */\nexport type MethodName =\n");
    for method in METHODS {
        writeln!(out, "  | '{}'", method.name).expect("a text takes it");
    }
    out
}

/// Adds a shape and the shapes of its members, each once.
fn add<'a>(shapes: &mut Vec<&'a Shape>, shape: &'a Shape) {
    if shapes.iter().any(|known| known.name == shape.name) {
        return;
    }
    for member in shape.members {
        if let Form::Object(inner) = member.form {
            add(shapes, inner);
        }
    }
    shapes.push(shape);
}

fn interface(out: &mut String, shape: &Shape) {
    *out += &comment(shape.doc, "");
    let name = shape.name;
    let apart: Vec<&str> = match shape.rule {
        Rule::NamedBy(by) => match shape.member(by).map(|member| member.form) {
            Some(Form::Words(words)) => words.iter().copied().chain([by]).collect(),
            _ => vec![],
        },
        _ => vec![],
    };
    let members: Vec<&Member> =
        shape.members.iter().filter(|member| !apart.contains(&member.name)).collect();
    let body: String = members.iter().map(|member| property(member, "  ")).collect();
    let alternatives: Vec<String> = match shape.rule {
        Rule::SomeOf(names) => names
            .iter()
            .filter_map(|name| shape.member(name))
            .map(|member| format!("{{ readonly {}: {} }}", member.name, type_of(member.form)))
            .collect(),
        Rule::NamedBy(by) => apart
            .iter()
            .filter(|word| **word != by)
            .map(|word| format!("{{ readonly {by}: '{word}'; readonly {word}: string }}"))
            .collect(),
        _ => vec![],
    };
    if body.is_empty() {
        *out += &format!("export type {name} = Readonly<Record<string, never>>\n\n");
    } else if alternatives.is_empty() {
        *out += &format!("export interface {name} {{\n{body}}}\n\n");
    } else {
        *out += &format!(
            "export type {name} = {{\n{body}}} & (\n  | {}\n)\n\n",
            alternatives.join("\n  | ")
        );
    }
}

fn property(member: &Member, indent: &str) -> String {
    let (mark, or) = if member.needed { ("", "") } else { ("?", " | undefined") };
    let kind = type_of(member.form);
    let kind = if or.is_empty() || !kind.contains("=>") { kind } else { format!("({kind})") };
    format!("{}{indent}readonly {}{mark}: {kind}{or}\n", comment(member.doc, indent), member.name)
}

fn type_of(form: Form) -> String {
    match form {
        Form::Text | Form::TextTo(_) | Form::Phone | Form::Keys => "string".into(),
        Form::Id => "string | number".into(),
        Form::Texts => "readonly string[]".into(),
        Form::WordList(words) => format!("readonly ({})[]", union(words)),
        Form::Flag => "boolean".into(),
        Form::Number => "number".into(),
        Form::Json => "JsonData".into(),
        Form::Function(kind) | Form::Any(kind) | Form::Typed(kind) => kind.into(),
        Form::Words(words) => union(words),
        Form::OpenWords(words) => format!("{} | (string & {{}})", union(words)),
        Form::Object(shape) => shape.name.into(),
    }
}

fn union(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ")
}

fn call_context(out: &mut String) {
    call(
        out,
        "AgentCall",
        "The call a page inside CEC's agent workbench is shown for",
        &AGENT_PARAMETERS,
    );
    call(
        out,
        "CallContext",
        "The call a screen-pop page is shown for (screen-pop guide)",
        &PARAMETERS,
    );
    *out += "/** Where a call stands; a value the vendor has not documented follows `other:`. */\nexport type CallStatus = NonNullable<CallContext['status']>\n\n\
        /** What kind of service a call is. */\nexport type ServiceType = NonNullable<CallContext['type']>\n\n";
}

fn call(out: &mut String, name: &str, doc: &str, parameters: &[Parameter]) {
    *out += &format!(
        "/** {doc}. What the vendor left out or empty is `null`. */\nexport interface {name} {{\n"
    );
    for parameter in parameters {
        let words: Vec<&str> = parameter.words.iter().map(|(_, ours)| *ours).collect();
        let kind = if words.is_empty() {
            "string".into()
        } else {
            format!("{} | `other:${{string}}`", union(&words))
        };
        *out += &comment(parameter.doc, "  ");
        writeln!(out, "  readonly {}: {kind} | null", parameter.name).expect("a text takes it");
    }
    *out += "  /** Parameters the vendor has not documented, 256 at most. */\n  readonly extra: ReadonlyMap<string, string>\n\
        \x20 /** The names of what differs from the call before; of the first one, of all that has a value. */\n  readonly changed: readonly string[]\n\
        \x20 /** The names of parameters that cannot be read, for example because they are not UTF-8; their value is `null`. */\n  readonly unreadable: readonly string[]\n}\n\n";
}

fn groups(out: &mut String) {
    for (group, doc) in GROUPS {
        *out += &comment(doc, "");
        writeln!(out, "export interface {} {{", group_name(group)).expect("a text takes it");
        for method in METHODS {
            if let Some(name) =
                method.name.strip_prefix(group).and_then(|rest| rest.strip_prefix('.'))
            {
                *out += &comment(&format!("{} `{}`.", method.doc, method.vendor), "  ");
                writeln!(
                    out,
                    "  {name}({}): Promise<{}>",
                    arguments(method),
                    response(method.response)
                )
                .expect("a text takes it");
            }
        }
        *out += "}\n\n";
    }
    *out += "/** Every group of methods. */\nexport interface WorkbenchMethods {\n";
    for (group, _) in GROUPS {
        writeln!(out, "  readonly {group}: {}", group_name(group)).expect("a text takes it");
    }
    *out += "}\n\n";
}

fn arguments(method: &Method) -> String {
    let first = match method.takes {
        Takes::Nothing => String::new(),
        Takes::Anything => "options?: unknown, ".into(),
        Takes::Buttons => {
            "choose: (button: WorkbenchButton) => boolean | { readonly active: boolean }, ".into()
        }
        Takes::Options(shape)
            if shape.members.len() == 1 && shape.member("sessionId").is_some() =>
        {
            format!("session: string | {}, ", shape.name)
        }
        Takes::Options(shape) => format!("options: {}, ", shape.name),
    };
    first + "settings?: CommandOptions"
}

fn response(response: Response) -> &'static str {
    match response {
        Response::Nothing => "void",
        Response::Session => "StartedCall",
        Response::Flag => "boolean",
        Response::Status => "AgentStatus",
        Response::Devices => "readonly MediaDeviceInfo[]",
        Response::SkillGroups => "readonly SkillGroup[]",
        Response::Anything => "unknown",
    }
}

/// `call` as `CallMethods`.
fn group_name(group: &str) -> String {
    format!("{}{}Methods", group[..1].to_ascii_uppercase(), &group[1..])
}

fn names(out: &mut String) {
    let methods: Vec<String> =
        METHODS.iter().map(|method| format!("  | '{}'\n", method.name)).collect();
    let messages: Vec<&str> = MESSAGES.iter().map(|message| message.event).collect();
    *out += &format!(
        "/** The name of a method: group and name. */\nexport type MethodName =\n{}\n",
        methods.concat()
    );
    *out += "/** What a method responds with. */\nexport type MethodResponse = 'nothing' | 'session' | 'flag' | 'text' | 'list' | 'anything'\n\n";
    *out += &format!(
        "/** The name of a `ccc-sdk` message. */\nexport type MessageName = {}\n\n",
        union(&messages)
    );
}

fn events(out: &mut String) {
    let mut names: Vec<&Event> = Vec::new();
    for event in EVENTS {
        if names.iter().all(|known| known.name != event.name) {
            names.push(event);
        }
    }
    let mut map = String::new();
    for event in names {
        let payloads: Vec<&str> = event.payload.iter().map(|shape| shape.name).collect();
        let payload = match payloads.as_slice() {
            [one] => (*one).to_owned(),
            several => {
                let name = format!("{}{}", event.name[..1].to_ascii_uppercase(), &event.name[1..]);
                *out += &comment(event.doc.trim_end_matches('.'), "")
                    .replace(" */", "; `type` tells which kind. */");
                *out += &format!("export type {name} = {}\n\n", several.join(" | "));
                name
            }
        };
        let docs: Vec<&str> =
            EVENTS.iter().filter(|other| other.name == event.name).map(|other| other.doc).collect();
        let vendors: Vec<String> = EVENTS
            .iter()
            .filter(|other| other.name == event.name)
            .map(|other| format!("`{}`", other.vendor))
            .collect();
        map += &comment(&format!("{} The vendor's {}.", docs.join(" "), vendors.join(", ")), "  ");
        map += &format!("  {}: {payload}\n", event.name);
    }
    *out += &format!(
        "/** Every event of the workbench, and what its listener gets. */\nexport interface WorkbenchEvents {{\n{map}}}\n\n"
    );
    *out += "/** The name of an event. */\nexport type WorkbenchEventName = keyof WorkbenchEvents\n\n\
        /** Any event with its name: a union to tell apart by `event`. */\nexport type WorkbenchEvent = {\n  \
        [E in WorkbenchEventName]: { readonly event: E; readonly payload: WorkbenchEvents[E] }\n}[WorkbenchEventName]\n";
}
