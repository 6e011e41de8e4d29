//! The committed inputs, replayed without libFuzzer; each also cut off, doubled and with single bytes changed.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use calldock_fuzz::{TARGETS, Target};

/// The most inputs of a target, and the most bytes of one: a corpus is read by people too.
const MAX_FILES: usize = 60;
const MAX_BYTES: u64 = 20 * 1024;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn inputs(target: &Target) -> Vec<PathBuf> {
    let folder = corpus().join(target.name);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_input_keeps_every_property() {
    let mut failed = Vec::new();
    let mut runs = 0;
    for target in &TARGETS {
        for file in inputs(target) {
            for data in variants(&fs::read(&file).unwrap()) {
                runs += 1;
                if catch_unwind(AssertUnwindSafe(|| (target.run)(&data))).is_err() {
                    let shown = data[..data.len().min(200)].escape_ascii().to_string();
                    failed.push(format!("{}: {} ({shown})", target.name, file.display()));
                    break;
                }
            }
        }
    }
    println!("{runs} inputs");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The input, and small changes of it, the same in every run.
fn variants(data: &[u8]) -> Vec<Vec<u8>> {
    const BYTES: &[u8] = b"\0\t\n #%&'*+,-./0:;=?@[\\]_x\x7f\xc3\xff";
    let mut variants = vec![data.to_vec(), [data, data].concat(), Vec::new()];
    let step = data.len() / 32 + 1;
    for at in (0..data.len()).step_by(step) {
        variants.push(data[..at].to_vec());
        variants.push(data[at..].to_vec());
        let byte = BYTES[(at * 7 + data.len()) % BYTES.len()];
        let mut changed = data.to_vec();
        changed[at] = byte;
        variants.push(changed);
        variants.push([&data[..at], &[byte], &data[at..]].concat());
    }
    variants
}

#[test]
fn every_target_has_a_small_corpus_and_every_corpus_a_target() {
    let folders: BTreeSet<_> = fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let names: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(folders, names);
    for target in &TARGETS {
        let files = inputs(target);
        assert!((3..=MAX_FILES).contains(&files.len()), "{}: {}", target.name, files.len());
        for file in files {
            assert!(fs::metadata(&file).unwrap().len() <= MAX_BYTES, "{}", file.display());
        }
    }
}
