//! Records out of the uncompressed part of a batch, one after another, without copying.
//!
//! ```text
//! length varint (of what follows) · attributes i8 (unused) · timestamp delta varlong ·
//! offset delta varint · key · value · headers count varint · headers
//! key, value: length varint (-1 null) · bytes
//! header: key length varint · key · value length varint (-1 null) · value
//! ```

use std::iter::FusedIterator;

use crate::record::varint::{read_varint, read_varlong};
use crate::record::{BatchHeader, DecodeError, RecordFault, TimestampType};

/// One record; keys, values and headers borrow from the batch or the scratch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'s> {
    /// The record's place in its partition.
    pub offset: i64,
    /// Milliseconds since 1970; -1 none. The batch's append time if it has one.
    pub timestamp: i64,
    /// `None` is null, which is not the same as empty.
    pub key: Option<&'s [u8]>,
    /// `None` is null: a tombstone.
    pub value: Option<&'s [u8]>,
    /// In the order they were written; keys may repeat.
    pub headers: Headers<'s>,
}

/// The records of one batch.
///
/// Ends after the first error. Counts in the bytes are believed only as far as bytes follow them,
/// so no count decides how much memory anything takes.
#[derive(Clone, Debug)]
pub struct Records<'s> {
    /// What was not read yet.
    bytes: &'s [u8],
    base_offset: i64,
    base_timestamp: i64,
    /// The timestamp of every record, if the batch has the append time.
    append_time: Option<i64>,
    last_offset_delta: i32,
    /// The offset delta of the record before; -1 at the start.
    previous_delta: i32,
    read: i32,
    records_count: i32,
    done: bool,
}

impl<'s> Records<'s> {
    #[inline]
    pub(crate) fn new(header: &BatchHeader, plain: &'s [u8]) -> Self {
        let append_time = match header.timestamp_type() {
            TimestampType::CreateTime => None,
            TimestampType::LogAppendTime => Some(header.max_timestamp),
        };
        Self {
            bytes: plain,
            base_offset: header.base_offset,
            base_timestamp: header.base_timestamp,
            append_time,
            last_offset_delta: header.last_offset_delta,
            previous_delta: -1,
            read: 0,
            records_count: header.records_count,
            done: false,
        }
    }

    #[inline(always)]
    fn read_record(&mut self) -> Result<Record<'s>, RecordFault> {
        let mut bytes = self.bytes;
        let mut record = read_bytes(&mut bytes)?;
        let Some((_attributes, rest)) = record.split_first() else {
            return Err(RecordFault::Truncated);
        };
        record = rest;
        let timestamp_delta = read_varlong(&mut record)?;
        let offset_delta = read_varint(&mut record)?;
        if offset_delta <= self.previous_delta || offset_delta > self.last_offset_delta {
            return Err(RecordFault::OffsetDelta { offset_delta });
        }
        let key = read_nullable(&mut record)?;
        let value = read_nullable(&mut record)?;
        let headers = Headers::read(record)?;
        self.bytes = bytes;
        self.previous_delta = offset_delta;
        self.read += 1;
        Ok(Record {
            // The header promises that the last offset fits, and this one is not after it.
            offset: self.base_offset + i64::from(offset_delta),
            // Wraps as in Java, so that any two timestamps have a difference.
            timestamp: self
                .append_time
                .unwrap_or_else(|| self.base_timestamp.wrapping_add(timestamp_delta)),
            key,
            value,
            headers,
        })
    }

    #[cold]
    fn end(&mut self) -> Option<DecodeError> {
        self.done = true;
        (!self.bytes.is_empty()).then_some(DecodeError::SurplusAfterRecords {
            records_count: self.records_count,
            surplus_bytes: self.bytes.len(),
        })
    }

    #[cold]
    fn fail(&mut self, fault: RecordFault) -> DecodeError {
        self.done = true;
        DecodeError::Record { index: self.read, fault }
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Result<Record<'s>, DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        if self.read == self.records_count {
            return self.end().map(Err);
        }
        match self.read_record() {
            Ok(record) => Some(Ok(record)),
            Err(fault) => Some(Err(self.fail(fault))),
        }
    }
}

impl FusedIterator for Records<'_> {}

/// The headers of one record, checked when the record was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headers<'s> {
    bytes: &'s [u8],
    count: usize,
}

impl<'s> Headers<'s> {
    /// Takes the count and the headers, which must be all that is left of the record.
    #[inline(always)]
    fn read(mut bytes: &'s [u8]) -> Result<Self, RecordFault> {
        let headers_count = read_varint(&mut bytes)?;
        if headers_count != 0 {
            return Self::read_some(bytes, headers_count);
        }
        if !bytes.is_empty() {
            return Err(RecordFault::Surplus { surplus_bytes: bytes.len() });
        }
        Ok(Self { bytes, count: 0 })
    }

    #[inline(never)]
    fn read_some(bytes: &'s [u8], headers_count: i32) -> Result<Self, RecordFault> {
        let count = usize::try_from(headers_count)
            .map_err(|_| RecordFault::HeadersCount { headers_count })?;
        let mut rest = bytes;
        // Each turn takes at least two bytes or fails, so a huge count ends with the bytes.
        for _ in 0..count {
            read_header(&mut rest)?;
        }
        if !rest.is_empty() {
            return Err(RecordFault::Surplus { surplus_bytes: rest.len() });
        }
        Ok(Self { bytes, count })
    }

    /// Returns the bytes of the headers, to be kept and read again by [`Headers::kept`].
    #[must_use]
    #[inline]
    pub fn encoded(&self) -> &'s [u8] {
        self.bytes
    }

    /// Returns headers whose bytes and number were kept.
    #[must_use]
    #[inline]
    pub fn kept(bytes: &'s [u8], count: usize) -> Self {
        Self { bytes, count }
    }

    /// Returns how many headers there are, repeated keys counted each time.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Says whether there are none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns key and value of each header in order. A key may be empty, a value null (`None`).
    #[must_use]
    #[inline]
    pub fn iter(&self) -> HeaderIter<'s> {
        HeaderIter { bytes: self.bytes }
    }
}

impl<'s> IntoIterator for Headers<'s> {
    type Item = (&'s [u8], Option<&'s [u8]>);
    type IntoIter = HeaderIter<'s>;

    fn into_iter(self) -> HeaderIter<'s> {
        self.iter()
    }
}

impl<'s> IntoIterator for &Headers<'s> {
    type Item = (&'s [u8], Option<&'s [u8]>);
    type IntoIter = HeaderIter<'s>;

    fn into_iter(self) -> HeaderIter<'s> {
        self.iter()
    }
}

/// Walks the headers of one record.
#[derive(Clone, Debug)]
pub struct HeaderIter<'s> {
    bytes: &'s [u8],
}

impl<'s> Iterator for HeaderIter<'s> {
    type Item = (&'s [u8], Option<&'s [u8]>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // Checked by `Headers::read`: the bytes end exactly after the last header.
        if self.bytes.is_empty() { None } else { read_header(&mut self.bytes).ok() }
    }
}

impl FusedIterator for HeaderIter<'_> {}

fn read_header<'s>(bytes: &mut &'s [u8]) -> Result<(&'s [u8], Option<&'s [u8]>), RecordFault> {
    let key = read_bytes(bytes)?;
    let value = read_nullable(bytes)?;
    Ok((key, value))
}

/// Reads a length and that many bytes; null is not allowed.
#[inline(always)]
fn read_bytes<'s>(bytes: &mut &'s [u8]) -> Result<&'s [u8], RecordFault> {
    let length = read_varint(bytes)?;
    take(bytes, length)
}

/// Reads a length and that many bytes, or null.
#[inline(always)]
fn read_nullable<'s>(bytes: &mut &'s [u8]) -> Result<Option<&'s [u8]>, RecordFault> {
    let length = read_varint(bytes)?;
    if length == -1 { Ok(None) } else { take(bytes, length).map(Some) }
}

#[inline(always)]
fn take<'s>(bytes: &mut &'s [u8], length: i32) -> Result<&'s [u8], RecordFault> {
    let Ok(length_bytes) = usize::try_from(length) else {
        return Err(RecordFault::NegativeLength { length });
    };
    let Some((taken, rest)) = bytes.split_at_checked(length_bytes) else {
        return Err(RecordFault::Truncated);
    };
    *bytes = rest;
    Ok(taken)
}
