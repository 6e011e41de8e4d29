//! Writes JSON: records and messages cross as one text, because each member of an object would be three
//! crossings.

use calldock_contract::CallContext;

/// Adds a text.
pub fn text(out: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\0'..='\x1f' => {
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(c as u8 >> 4)]));
                out.push(char::from(HEX[usize::from(c as u8 & 15)]));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Adds a list; `item` adds one of it.
pub fn list<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut item: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (at, one) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        item(out, one);
    }
    out.push(']');
}

/// The call as JSON. `extra` is a list of pairs, because an object would sort names that are numbers to
/// the front; TypeScript makes a `Map` of it.
pub fn call(call: &CallContext, changed: &[String]) -> String {
    let mut out = String::from("{");
    for (name, value) in call.iter() {
        text(&mut out, name);
        out.push(':');
        match value {
            Some(value) => text(&mut out, value),
            None => out.push_str("null"),
        }
        out.push(',');
    }
    let name = |out: &mut String, name: &String| text(out, name);
    out.push_str("\"extra\":");
    list(&mut out, &call.extra, |out, (name, value)| {
        list(out, [name, value], |out, part| text(out, part));
    });
    out.push_str(",\"unreadable\":");
    list(&mut out, &call.unreadable, name);
    out.push_str(",\"changed\":");
    list(&mut out, changed, name);
    out.push('}');
    out
}
