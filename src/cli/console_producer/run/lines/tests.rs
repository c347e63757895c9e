//! What is a line, wherever the reads cut the input.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use super::{Fill, LineTooLong, Lines, READ_BYTES};

/// Feeds the pieces one read at a time and returns the lines with their numbers.
fn lines_of(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut lines = Lines::new(1 << 20);
    let mut found: Vec<Vec<u8>> = Vec::new();
    for piece in pieces {
        let (mut write, read) = UnixStream::pair().unwrap();
        write.write_all(piece).unwrap();
        assert_eq!(lines.fill(read.as_fd()).unwrap(), Ok(Fill::Some(piece.len())));
        while let Some(line) = lines.next_line() {
            found.push(line.to_vec());
        }
    }
    let last = lines.last_line().map(<[u8]>::to_vec);
    found.extend(last);
    assert_eq!(lines.line_number(), found.len() as u64);
    assert_eq!(lines.last_line(), None);
    found
}

#[test]
fn lf_cr_and_crlf_end_a_line_and_an_empty_one_counts() {
    assert_eq!(lines_of(&[b"a\nb\r\nc\rd"]), [b"a", b"b", b"c", b"d"]);
    assert_eq!(lines_of(&[b"\n\n"]), [b"", b""]);
    assert_eq!(lines_of(&[b"\r\r\n\n"]), [b"", b"", b""]);
    assert_eq!(lines_of(&[b"a\n"]), [b"a"]);
    assert_eq!(lines_of(&[]), Vec::<Vec<u8>>::new());
    assert_eq!(lines_of(&[b"\xff\0\xfe\n"]), [b"\xff\0\xfe"]);
}

#[test]
fn every_cut_of_the_input_gives_the_same_lines() {
    let input = b"one\r\n\r\ntwo\n\rthree\r\n\nfour";
    let whole = lines_of(&[input]);
    assert_eq!(whole.len(), 7);
    for cut in 1..input.len() {
        assert_eq!(lines_of(&[&input[..cut], &input[cut..]]), whole, "cut at {cut}");
    }
    let bytes: Vec<&[u8]> = input.chunks(1).collect();
    assert_eq!(lines_of(&bytes), whole);
}

#[test]
fn an_lf_that_belongs_to_a_cr_is_no_unfinished_line() {
    let (mut write, read) = UnixStream::pair().unwrap();
    let mut lines = Lines::new(100);
    write.write_all(b"a\r").unwrap();
    lines.fill(read.as_fd()).unwrap().unwrap();
    assert_eq!(lines.next_line(), Some(&b"a"[..]));
    assert_eq!(lines.next_line(), None);
    write.write_all(b"\n").unwrap();
    lines.fill(read.as_fd()).unwrap().unwrap();
    assert_eq!(lines.unfinished_bytes(), 0);
    assert_eq!(lines.last_line(), None);
}

#[test]
fn a_line_grows_the_buffer_up_to_the_limit_and_no_further() {
    let max = READ_BYTES * 3;
    let mut input = tempfile::tempfile().unwrap();
    input.write_all(&vec![b'x'; max]).unwrap();
    input.write_all(b"\n").unwrap();
    input.write_all(&vec![b'y'; max + READ_BYTES * 2]).unwrap();
    std::io::Seek::rewind(&mut input).unwrap();
    let mut lines = Lines::new(max);
    let first = loop {
        if let Some(line) = lines.next_line() {
            break line.len();
        }
        lines.fill(input.as_fd()).unwrap().unwrap();
    };
    assert_eq!(first, max);
    let error = loop {
        assert_eq!(lines.next_line(), None);
        if let Err(error) = lines.fill(input.as_fd()).unwrap() {
            break error;
        }
    };
    assert_eq!(error, LineTooLong { line_number: 2 });
}
