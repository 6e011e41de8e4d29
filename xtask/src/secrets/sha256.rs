//! SHA-256's own numbers: where they are, something is signed. A compiler writes them as a table of
//! bytes in either order or as constants in code (LEB128); in JavaScript they are decimal or
//! hexadecimal numbers, signed or not.

use std::collections::HashSet;

/// So many of them are no accident: one of the 72 is met by chance in 1 of 1,000 such files.
pub const TELLING: usize = 4;

/// The initial hash value and the round constants (FIPS 180-4, §5.3.3 and §4.2.2).
#[rustfmt::skip]
const NUMBERS: [u32; 72] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
];

/// How many of the numbers are in a file, which is its text and what is embedded in it.
pub fn count(text: &[u8], embedded: &[Vec<u8>]) -> usize {
    let written = literals(&String::from_utf8_lossy(text));
    let in_bytes = |bytes: &[u8], number: u32| {
        let (little, big, leb) = (number.to_le_bytes(), number.to_be_bytes(), leb128(number));
        bytes.windows(4).any(|window| window == little || window == big)
            || bytes.windows(leb.len()).any(|window| window == leb)
    };
    let is_there = |number: &&u32| {
        written.contains(number)
            || in_bytes(text, **number)
            || embedded.iter().any(|bytes| in_bytes(bytes, **number))
    };
    NUMBERS.iter().filter(is_there).count()
}

/// The numbers written in JavaScript, as wasm's 32 bits.
fn literals(text: &str) -> HashSet<u32> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let number = |word: &str| match word.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    };
    // A minus before a number is no part of the word, so each number counts as its negative too.
    words.filter_map(number).flat_map(|number| [number, number.wrapping_neg()]).collect()
}

/// Signed LEB128, as `i32.const` has it.
fn leb128(number: u32) -> Vec<u8> {
    let (mut rest, mut bytes) = (number.cast_signed(), Vec::new());
    loop {
        let byte = (rest & 0x7f) as u8;
        rest >>= 7;
        if (rest == 0 && byte & 0x40 == 0) || (rest == -1 && byte & 0x40 != 0) {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_table_is_found_in_either_byte_order() {
        let little: Vec<u8> = NUMBERS.iter().flat_map(|number| number.to_le_bytes()).collect();
        let big: Vec<u8> = NUMBERS.iter().flat_map(|number| number.to_be_bytes()).collect();
        assert_eq!(count(&[b"\0asm".to_vec(), little.clone()].concat(), &[]), 72);
        assert_eq!(count(&[b"\0asm".to_vec(), big].concat(), &[]), 72);
        assert_eq!(count(b"let wasm", &[little]), 72);
    }

    #[test]
    fn planted_constants_in_code_are_found() {
        // `i32.const 0x428a2f98`, whose signed LEB128 is 98 df a8 94 04.
        assert_eq!(leb128(0x428a_2f98), [0x98, 0xdf, 0xa8, 0x94, 0x04]);
        assert_eq!(leb128(0xffff_ffff), [0x7f]);
        let code: Vec<u8> =
            NUMBERS.iter().flat_map(|n| [vec![0x41], leb128(*n), vec![0x6a]].concat()).collect();
        assert_eq!(count(&code, &[]), 72);
    }

    #[test]
    fn planted_numbers_in_javascript_are_found_signed_unsigned_and_hexadecimal() {
        assert_eq!(count(b"[1116352408,1899447441,3049323471,-373957723]", &[]), 4);
        assert_eq!(count(b"[0x428a2f98,0x71374491,0xb5c0fbcf,0xe9b5dba5]", &[]), 4);
    }

    #[test]
    fn other_numbers_are_not_taken_for_them() {
        assert_eq!(count(b"[0,1,2,3,65536,1048576,4294967295,-1]", &[]), 0);
    }
}
