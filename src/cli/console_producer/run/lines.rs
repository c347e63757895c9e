//! Standard input as lines, by large reads.
//!
//! A line ends with LF, CR or CRLF, as in Kafka's tool, or with exactly the bytes asked for; the
//! last one need not end at all. Bytes are kept as they are.

use std::io;
use std::os::fd::BorrowedFd;

use memchr::memmem::Finder;
use rustix::io::{read, retry_on_intr};

/// How much one read asks for. Bytes; a pipe gives at most its own size.
const READ_BYTES: usize = 256 << 10;

/// What a read brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// So many bytes.
    Some(usize),
    /// The input is at its end.
    End,
}

/// Lines cut out of one buffer that is filled again and again.
#[derive(Debug)]
pub(super) struct Lines {
    buffer: Vec<u8>,
    /// The part of the buffer that is read and not yet given out.
    start: usize,
    end: usize,
    /// Up to here there is no end of a line.
    scanned: usize,
    /// The last line ended with CR, so that an LF at the start belongs to it.
    after_cr: bool,
    line_number: u64,
    line_bytes_max: usize,
    /// What ends a line instead of LF, CR and CRLF.
    delimiter: Option<Finder<'static>>,
}

/// A line is longer than any message may be. It was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineTooLong {
    /// Counted from 1.
    pub(super) line_number: u64,
}

impl Lines {
    /// Makes an empty buffer for lines of at most `line_bytes_max` bytes.
    pub(super) fn new(line_bytes_max: usize) -> Self {
        Self {
            buffer: vec![0; READ_BYTES],
            start: 0,
            end: 0,
            scanned: 0,
            after_cr: false,
            line_number: 0,
            line_bytes_max,
            delimiter: None,
        }
    }

    /// Ends lines with exactly `delimiter`, which is not empty, and with nothing else.
    pub(super) fn with_delimiter(mut self, delimiter: &[u8]) -> Self {
        self.delimiter = Some(Finder::new(delimiter).into_owned());
        self
    }

    /// Returns whether lines end with LF, CR and CRLF: then [`Lines::next_line`] may be called.
    pub(super) fn has_usual_ends(&self) -> bool {
        self.delimiter.is_none()
    }

    /// Returns the next line that is in the buffer with its end, without it, whatever ends it.
    pub(super) fn next(&mut self) -> Option<&[u8]> {
        let Some(delimiter) = &self.delimiter else { return self.next_line() };
        let length = delimiter.needle().len();
        let Some(at) = delimiter.find(&self.buffer[self.scanned..self.end]) else {
            // All but its last byte may be there already.
            self.scanned = self.start.max((self.end + 1).saturating_sub(length));
            return None;
        };
        let (start, stop) = (self.start, self.scanned + at);
        self.start = stop + length;
        self.scanned = self.start;
        self.line_number += 1;
        Some(&self.buffer[start..stop])
    }

    /// Passes over a line that is too long: it counts, and the next one begins behind its end.
    /// Gives up in the middle of it once `is_enough`.
    pub(super) fn pass_over(
        &mut self,
        input: BorrowedFd<'_>,
        is_enough: impl Fn() -> bool,
    ) -> io::Result<()> {
        let begun = self.delimiter.as_ref().map_or(0, |delimiter| delimiter.needle().len() - 1);
        while !is_enough() {
            // Nothing here ends the line; a delimiter may have begun.
            self.start = self.start.max(self.end.saturating_sub(begun));
            self.scanned = self.start;
            if !matches!(self.fill(input)?, Ok(Fill::Some(_))) {
                self.start = self.end;
                self.scanned = self.end;
                self.line_number += 1;
                return Ok(());
            }
            if self.next().is_some() {
                return Ok(());
            }
        }
        self.start = self.end;
        self.scanned = self.end;
        Ok(())
    }

    /// Returns the number of the line given out last, counted from 1.
    pub(super) fn line_number(&self) -> u64 {
        self.line_number
    }

    /// Returns the next line that is in the buffer with its end, without it.
    #[inline]
    pub(super) fn next_line(&mut self) -> Option<&[u8]> {
        if self.after_cr {
            self.skip_lf();
        }
        let Some(length) = memchr::memchr2(b'\n', b'\r', &self.buffer[self.scanned..self.end])
        else {
            self.scanned = self.end;
            return None;
        };
        let (start, stop) = (self.start, self.scanned + length);
        self.start = stop + 1;
        self.scanned = stop + 1;
        self.after_cr = self.buffer[stop] == b'\r';
        self.line_number += 1;
        Some(&self.buffer[start..stop])
    }

    #[cold]
    fn skip_lf(&mut self) {
        if self.start == self.end {
            return;
        }
        self.after_cr = false;
        if self.buffer[self.start] == b'\n' {
            self.start += 1;
            self.scanned = self.start;
        }
    }

    /// Returns the line that the input ends with if nothing ended it.
    pub(super) fn last_line(&mut self) -> Option<&[u8]> {
        if self.unfinished_bytes() == 0 {
            return None;
        }
        let start = self.start;
        self.start = self.end;
        self.line_number += 1;
        Some(&self.buffer[start..self.end])
    }

    /// Returns how much of a line without its end is in the buffer, once no whole line is left.
    pub(super) fn unfinished_bytes(&self) -> usize {
        let lf = self.after_cr && self.start < self.end && self.buffer[self.start] == b'\n';
        self.end - self.start - usize::from(lf)
    }

    /// Reads more, once no whole line is left.
    pub(super) fn fill(&mut self, input: BorrowedFd<'_>) -> io::Result<Result<Fill, LineTooLong>> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.scanned -= self.start;
            self.end -= self.start;
            self.start = 0;
        }
        if self.end > self.line_bytes_max {
            return Ok(Err(LineTooLong { line_number: self.line_number + 1 }));
        }
        if self.end > self.buffer.len() / 2 {
            let larger = (self.buffer.len() * 2).min(self.line_bytes_max + READ_BYTES);
            self.buffer.resize(larger.max(self.end + READ_BYTES), 0);
        }
        let bytes = retry_on_intr(|| read(input, &mut self.buffer[self.end..]))?;
        self.end += bytes;
        Ok(Ok(if bytes == 0 { Fill::End } else { Fill::Some(bytes) }))
    }
}

#[cfg(test)]
mod tests;
