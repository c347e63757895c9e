//! Lines that prove themselves: who wrote them, which one it is, and that not a byte is missing.

use std::fmt;

/// One line of the harness: any part of it can be computed from these three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Line {
    /// Which run of which producer wrote it: a new number for every process started.
    pub(crate) producer: u32,
    /// What the test wants to remember about the moment the line was fed.
    pub(crate) mark: u32,
    /// Counts up from 0 within a producer.
    pub(crate) sequence: u32,
}

impl fmt::Display for Line {
    /// Writes the line without its end: numbers, a filler of 0 to 119 letters, a checksum of both.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { producer, mark, sequence } = *self;
        let mixed = mix(u64::from(producer) << 40 ^ u64::from(mark) << 32 ^ u64::from(sequence));
        let filler_bytes = (mixed % 120) as usize;
        let letter = char::from(b'a' + (mixed >> 32) as u8 % 26);
        write!(f, "p{producer} m{mark} s{sequence} ")?;
        for _ in 0..filler_bytes {
            write!(f, "{letter}")?;
        }
        write!(f, " {:08x}", (mixed >> 16) as u32)
    }
}

impl Line {
    /// Reads a line back; `None` if it is not, byte for byte, a line that was written.
    pub(crate) fn parse(text: &str) -> Option<Line> {
        let mut words = text.split(' ');
        let mut number = |prefix: char| words.next()?.strip_prefix(prefix)?.parse().ok();
        let line = Line { producer: number('p')?, mark: number('m')?, sequence: number('s')? };
        (line.to_string() == text).then_some(line)
    }
}

/// Spreads the bits of a number over all of it (the finisher of splitmix64).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[test]
fn a_line_is_read_back_and_any_change_is_seen() {
    let line = Line { producer: 3, mark: 0, sequence: 77 };
    let text = line.to_string();
    assert_eq!(Line::parse(&text), Some(line));
    for cut in 0..text.len() {
        assert_eq!(Line::parse(&text[..cut]), None, "cut at {cut}");
    }
    let doubled = format!("{text}{text}");
    assert_eq!(Line::parse(&doubled), None);
    assert_eq!(Line::parse(&text.replacen("s77", "s78", 1)), None);
}
