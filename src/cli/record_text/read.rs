//! Reading a record from one line of JSON.

use super::cursor::{Cursor, Piece};
use super::error::{Fault, Field, JsonError};

/// One header of a record: key and value.
pub(crate) type Header<'r> = (&'r [u8], Option<&'r [u8]>);

/// Reads lines, keeping its memory from one to the next.
#[derive(Debug, Default)]
pub(crate) struct JsonReader {
    scratch: Vec<u8>,
    headers: Vec<(Piece, Option<Piece>)>,
}

/// What a line says. Its parts are pieces of the line, or of the reader if they were escaped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadRecord<'r> {
    /// The topic, as it is written; not checked.
    pub(crate) topic: Option<&'r str>,
    /// The partition; at most `i32::MAX`.
    pub(crate) partition: Option<u32>,
    /// The timestamp, in milliseconds since 1970; negative is none. `None`: the line says nothing.
    pub(crate) timestamp: Option<i64>,
    /// The key; `None` is null, and a line without the field.
    pub(crate) key: Option<&'r [u8]>,
    /// The value; `None` is null.
    pub(crate) value: Option<&'r [u8]>,
    /// The headers.
    pub(crate) headers: ReadHeaders<'r>,
}

/// The headers of a line that was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadHeaders<'r> {
    pieces: &'r [(Piece, Option<Piece>)],
    line: &'r [u8],
    scratch: &'r [u8],
}

impl<'r> ReadHeaders<'r> {
    /// Returns them in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Header<'r>> {
        let Self { pieces, line, scratch } = *self;
        let of = move |piece: Piece| piece.of(line, scratch);
        pieces.iter().map(move |(key, value)| (of(*key), value.map(of)))
    }
}

/// Empties a list of headers, so that its memory serves for those of another line.
pub(crate) fn recycled<'b>(mut headers: Vec<Header<'_>>) -> Vec<Header<'b>> {
    headers.clear();
    headers.into_iter().map(|_| -> Header<'b> { unreachable!("the list is empty") }).collect()
}

/// What was read of a line so far.
#[derive(Default)]
struct Parts {
    seen: u16,
    topic: Option<Piece>,
    partition: Option<u32>,
    timestamp: Option<i64>,
    key: Option<Piece>,
    value: Option<Piece>,
}

impl JsonReader {
    /// Reads a line, given with or without its end.
    ///
    /// # Errors
    ///
    /// The line is not a record: one sentence that names the field and the column. The reader can
    /// go on with the next line.
    pub(crate) fn read<'r>(&'r mut self, line: &'r [u8]) -> Result<ReadRecord<'r>, JsonError> {
        // From here on every part of a string is UTF-8, for escapes are ASCII.
        if let Err(error) = std::str::from_utf8(line) {
            return Err(JsonError { column: error.valid_up_to() + 1, fault: Fault::NotUtf8 });
        }
        self.headers.clear();
        let mut cursor = Cursor::new(line, &mut self.scratch);
        let mut parts = Parts::default();
        cursor.expect(b'{', "an object {\"value\":…}")?;
        if !cursor.take(b'}') {
            loop {
                read_field(&mut cursor, &mut parts, &mut self.headers)?;
                if cursor.take(b',') {
                    continue;
                }
                cursor.expect(b'}', "`,` or `}` behind a field")?;
                break;
            }
        }
        if parts.seen & bit(Field::Value) == 0 {
            return cursor.fail_at(cursor.at() - 1, Fault::MissingValue);
        }
        if cursor.peek().is_some() {
            let found = cursor.found();
            return cursor.fail(Fault::Syntax { expected: "the end of the line", found });
        }
        let scratch = cursor.into_scratch();
        let topic = parts.topic.map(|piece| std::str::from_utf8(piece.of(line, scratch)));
        Ok(ReadRecord {
            topic: topic.transpose().map_err(|_| JsonError { column: 1, fault: Fault::NotUtf8 })?,
            partition: parts.partition,
            timestamp: parts.timestamp,
            key: parts.key.map(|piece| piece.of(line, scratch)),
            value: parts.value.map(|piece| piece.of(line, scratch)),
            headers: ReadHeaders { pieces: &self.headers, line, scratch },
        })
    }
}

/// Reads a name and its value.
#[inline]
fn read_field(
    cursor: &mut Cursor<'_>,
    parts: &mut Parts,
    headers: &mut Vec<(Piece, Option<Piece>)>,
) -> Result<(), JsonError> {
    let field = read_name(cursor)?;
    let at = cursor.at();
    if parts.seen & bit(field) != 0 {
        return cursor.fail_at(at, Fault::RepeatedField(field));
    }
    parts.seen |= bit(field);
    cursor.expect(b':', "`:` behind the name of a field")?;
    match field {
        Field::Version => read_version(cursor)?,
        Field::Topic => parts.topic = Some(read_text(cursor, field)?),
        Field::Partition => parts.partition = Some(read_partition(cursor)?),
        // Where a record was does not say where it will be.
        Field::Offset => drop(cursor.number(field)?),
        Field::Timestamp => parts.timestamp = Some(cursor.number(field)?),
        Field::TimestampType => read_timestamp_type(cursor)?,
        Field::Key => parts.key = read_nullable(cursor, field)?,
        Field::Value => parts.value = read_nullable(cursor, field)?,
        Field::Headers => read_headers(cursor, headers)?,
        Field::HeaderKey | Field::HeaderValue => unreachable!("these have no names"),
    }
    Ok(())
}

fn bit(field: Field) -> u16 {
    1 << field as u8
}

#[inline]
fn read_name(cursor: &mut Cursor<'_>) -> Result<Field, JsonError> {
    if cursor.peek() != Some(b'"') {
        let found = cursor.found();
        return cursor.fail(Fault::Syntax { expected: "the name of a field", found });
    }
    let at = cursor.at();
    let piece = cursor.string(None)?;
    Ok(match cursor.bytes(piece) {
        b"v" => Field::Version,
        b"topic" => Field::Topic,
        b"partition" => Field::Partition,
        b"offset" => Field::Offset,
        b"timestamp" => Field::Timestamp,
        b"timestampType" => Field::TimestampType,
        b"key" => Field::Key,
        b"value" => Field::Value,
        b"headers" => Field::Headers,
        name => {
            let name = String::from_utf8_lossy(name).into_owned();
            return cursor.fail_at(at, Fault::UnknownField(name));
        }
    })
}

fn read_version(cursor: &mut Cursor<'_>) -> Result<(), JsonError> {
    cursor.peek();
    let at = cursor.at();
    match cursor.number(Field::Version)? {
        1 => Ok(()),
        version => cursor.fail_at(at, Fault::Version(version.to_string())),
    }
}

fn read_partition(cursor: &mut Cursor<'_>) -> Result<u32, JsonError> {
    cursor.peek();
    let at = cursor.at();
    let number = cursor.number(Field::Partition)?;
    match i32::try_from(number).ok().and_then(|number| u32::try_from(number).ok()) {
        Some(partition) => Ok(partition),
        None => {
            cursor.fail_at(at, Fault::Value { field: Field::Partition, found: number.to_string() })
        }
    }
}

#[inline]
fn read_text(cursor: &mut Cursor<'_>, field: Field) -> Result<Piece, JsonError> {
    if cursor.peek() == Some(b'"') { cursor.string(Some(field)) } else { cursor.refuse(field) }
}

fn read_timestamp_type(cursor: &mut Cursor<'_>) -> Result<(), JsonError> {
    let field = Field::TimestampType;
    let piece = read_text(cursor, field)?;
    match cursor.bytes(piece) {
        b"CreateTime" | b"LogAppendTime" | b"NoTimestampType" => Ok(()),
        other => {
            let found = format!("`{}`", String::from_utf8_lossy(other));
            cursor.fail(Fault::Value { field, found })
        }
    }
}

/// Reads a string, null, or base64.
#[inline]
fn read_nullable(cursor: &mut Cursor<'_>, field: Field) -> Result<Option<Piece>, JsonError> {
    if cursor.peek() != Some(b'"') && cursor.take_null() {
        return Ok(None);
    }
    read_bytes(cursor, field).map(Some)
}

/// Reads a string or base64.
#[inline]
fn read_bytes(cursor: &mut Cursor<'_>, field: Field) -> Result<Piece, JsonError> {
    match cursor.peek() {
        Some(b'"') => cursor.string(Some(field)),
        Some(b'{') => read_base64(cursor, field),
        _ => cursor.refuse(field),
    }
}

/// Reads `{"base64":"…"}`, whose brace comes next.
#[inline(never)]
fn read_base64(cursor: &mut Cursor<'_>, field: Field) -> Result<Piece, JsonError> {
    let start = cursor.at();
    cursor.step();
    let other =
        |cursor: &Cursor<'_>, found: String| cursor.fail_at(start, Fault::Value { field, found });
    if cursor.peek() != Some(b'"') {
        return other(cursor, "another object".to_owned());
    }
    let name = cursor.string(None)?;
    let name = cursor.bytes(name);
    if name != b"base64" {
        let name = String::from_utf8_lossy(name).into_owned();
        return other(cursor, format!("an object with the field `{name}`"));
    }
    cursor.expect(b':', "`:` behind the name of a field")?;
    if cursor.peek() != Some(b'"') {
        return cursor.refuse(field);
    }
    let piece = cursor.base64(field)?;
    cursor.expect(b'}', "`}` behind base64")?;
    Ok(piece)
}

fn read_headers(
    cursor: &mut Cursor<'_>,
    headers: &mut Vec<(Piece, Option<Piece>)>,
) -> Result<(), JsonError> {
    let field = Field::Headers;
    if !cursor.take(b'[') {
        return cursor.refuse(field);
    }
    if cursor.take(b']') {
        return Ok(());
    }
    loop {
        if !cursor.take(b'[') {
            return cursor.refuse(field);
        }
        let key = read_bytes(cursor, Field::HeaderKey)?;
        cursor.expect(b',', "`,` behind the key of a header")?;
        let value = read_nullable(cursor, Field::HeaderValue)?;
        cursor.expect(b']', "`]` behind the value of a header")?;
        headers.push((key, value));
        if cursor.take(b',') {
            continue;
        }
        return cursor.expect(b']', "`,` or `]` behind a header");
    }
}

#[cfg(test)]
mod tests;
