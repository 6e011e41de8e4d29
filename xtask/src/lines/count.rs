//! Lines of code: without blank lines, comments, and everything under `#[cfg(test)]`.

use std::collections::BTreeSet;
use std::str::FromStr;

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Parses a file and removes doc comments and tests; other comments are not tokens.
pub fn code(text: &str) -> Result<TokenStream> {
    TokenStream::from_str(text).map(without_tests).map_err(|error| anyhow!("{error}"))
}

/// Counts the lines that have a token.
pub fn lines(tokens: &TokenStream) -> usize {
    let mut lines = BTreeSet::new();
    collect(tokens, &mut lines);
    lines.len()
}

fn collect(tokens: &TokenStream, lines: &mut BTreeSet<usize>) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => {
                for span in [group.span_open(), group.span_close()] {
                    lines.insert(span.start().line);
                }
                collect(&group.stream(), lines);
            }
            // A string may have several lines.
            token => lines.extend(token.span().start().line..=token.span().end().line),
        }
    }
}

fn without_tests(tokens: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    // Attributes are kept or removed together with their item.
    let mut attributes = Vec::new();
    let mut is_test = false;
    while let Some(token) = tokens.next() {
        if let TokenTree::Punct(punct) = &token
            && punct.as_char() == '#'
        {
            let mut start = vec![token];
            if let Some(TokenTree::Punct(punct)) = tokens.peek()
                && punct.as_char() == '!'
            {
                start.extend(tokens.next());
            }
            if let Some(TokenTree::Group(group)) = tokens.peek()
                && group.delimiter() == Delimiter::Bracket
            {
                let content = group.stream().to_string();
                is_test |= content == "test" || content.replace(' ', "") == "cfg(test)";
                start.extend(tokens.next());
                if !content.starts_with("doc =") {
                    attributes.extend(start);
                }
                continue;
            }
            attributes.extend(start);
            continue;
        }
        if !is_test {
            kept.append(&mut attributes);
            kept.push(match token {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), without_tests(group.stream()));
                    inner.set_span(group.span());
                    // The spans of the delimiters are those of the whole group: keep the group if it is empty.
                    TokenTree::Group(if group.stream().is_empty() { group } else { inner })
                }
                token => token,
            });
            continue;
        }
        // The item ends with its braces or a semicolon.
        let is_end = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        if is_end {
            attributes.clear();
            is_test = false;
        }
    }
    kept.extend(attributes);
    kept.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        lines(&code(text).unwrap())
    }

    #[test]
    fn comments_blank_lines_and_tests_do_not_count() {
        let text = "//! Doc.\n\n/// Doc.\nfn a() {\n    // why\n    b(); /* what */\n\n}\n";
        assert_eq!(count(text), 3);
        assert_eq!(count(&format!("{text}#[cfg(test)]\nmod tests {{\n    fn c() {{}}\n}}\n")), 3);
        assert_eq!(count("#[cfg(test)]\nuse a::b;\n#[cfg(test)]\nmod tests;\nfn a() {}\n"), 1);
        assert_eq!(count("mod a {\n    #[test]\n    fn b() {\n    }\n    fn c() {}\n}\n"), 3);
    }

    #[test]
    fn attributes_and_strings_of_several_lines_count() {
        assert_eq!(count("#[derive(Clone)]\nstruct A;\n"), 2);
        assert_eq!(count("const A: &str = \"one\ntwo // no comment\nthree\";\n"), 3);
    }
}
