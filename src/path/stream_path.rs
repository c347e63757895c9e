//! The path of a stream, `/apps/gps`, checked and in one spelling.

use std::ffi::OsStr;
use std::fmt;
use std::str::FromStr;

use super::damage;
use super::error::{NameError, excerpt};
use super::limits::{COMPONENT_BYTES_MAX, MAPR_MOUNT, RESERVED_PREFIX, STREAM_PATH_BYTES_MAX};

const ALLOWED: &str = "all but NUL, and in the stream's own name all but `:`";

/// The path of a stream: begins with `/`, one or more components, no trailing slash.
///
/// Ordered as text. Two equal paths name the same stream directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamPath(String);

impl StreamPath {
    /// Checks a path given as text; `/mapr/<cluster>/s` becomes `/s`, one trailing `/` is dropped.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err(NameError::NotAbsolute { text: excerpt(text) });
        };
        if text.len() > STREAM_PATH_BYTES_MAX {
            return Err(NameError::TooLong {
                what: "stream path",
                text: excerpt(text),
                length: text.len(),
                limit: STREAM_PATH_BYTES_MAX,
                unit: "bytes",
            });
        }
        // Shells complete a directory's name with a slash behind it.
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.is_empty() {
            return Err(NameError::NoStreamName { text: excerpt(text) });
        }
        for component in rest.split('/') {
            check_component(text, component)?;
        }
        let path = without_mount(text, rest)?;
        check_last(text, path.rsplit('/').next().unwrap_or(path))?;
        Ok(Self(format!("/{path}")))
    }

    /// Checks a path given as the bytes of an argument.
    ///
    /// # Errors
    /// `NotUtf8`, else as `parse`.
    pub fn parse_os(text: &OsStr) -> Result<Self, NameError> {
        match text.to_str() {
            Some(text) => Self::parse(text),
            None => Err(NameError::NotUtf8 { text: excerpt(&text.to_string_lossy()) }),
        }
    }

    /// The path as text, `/` first.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The components in order, without slashes; never empty.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0[1..].split('/')
    }

    /// The stream's own name: the last component.
    pub fn name(&self) -> &str {
        self.components().next_back().unwrap_or_default()
    }
}

fn check_component(text: &str, component: &str) -> Result<(), NameError> {
    if component.is_empty() {
        return Err(NameError::EmptyComponent { text: excerpt(text) });
    }
    if component == "." || component == ".." {
        return Err(NameError::Dots { text: excerpt(text), part: component.to_owned() });
    }
    if component.len() > COMPONENT_BYTES_MAX {
        return Err(NameError::TooLong {
            what: "path component",
            text: excerpt(component),
            length: component.len(),
            limit: COMPONENT_BYTES_MAX,
            unit: "bytes",
        });
    }
    if component.starts_with(RESERVED_PREFIX) {
        return Err(NameError::Reserved { text: excerpt(text), part: component.to_owned() });
    }
    if component.contains('\0') {
        return Err(bad_character(text, '\0'));
    }
    Ok(())
}

/// The rules that hold only for the stream's own name.
fn check_last(text: &str, name: &str) -> Result<(), NameError> {
    if name.contains(':') {
        return Err(bad_character(text, ':'));
    }
    // Curly quotes are legal inside a name; at its edge they are half of a pasted pair.
    for edge in [name.chars().next(), name.chars().next_back()].into_iter().flatten() {
        if damage::of_char(edge).is_some() {
            return Err(bad_character(text, edge));
        }
    }
    Ok(())
}

fn bad_character(text: &str, character: char) -> NameError {
    // The last occurrence: for `:` and quotes that is the one in the stream's own name.
    let before = text.rfind(character).unwrap_or(0);
    NameError::Character {
        what: "stream path",
        text: excerpt(text),
        character,
        place: text[..before].chars().count() + 1,
        allowed: ALLOWED,
    }
}

/// Drops MapR's `/mapr/<cluster>`; `rest` has no leading slash.
fn without_mount<'a>(text: &str, rest: &'a str) -> Result<&'a str, NameError> {
    let mut parts = rest.splitn(3, '/');
    if parts.next() != Some(MAPR_MOUNT) {
        return Ok(rest);
    }
    let (Some(_cluster), Some(path)) = (parts.next(), parts.next()) else {
        return Err(NameError::ClusterOnly { text: excerpt(text) });
    };
    // A path that is mounted twice would not mean the same when it is printed and read again.
    if path.split('/').next() == Some(MAPR_MOUNT) {
        return Err(NameError::Reserved { text: excerpt(text), part: MAPR_MOUNT.to_owned() });
    }
    Ok(path)
}

impl fmt::Display for StreamPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for StreamPath {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, proptest};

    use super::StreamPath;
    use crate::path::NameError;

    fn parsed(text: &str) -> String {
        StreamPath::parse(text).unwrap().to_string()
    }

    fn refused(text: &str) -> String {
        StreamPath::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn plain_nested_and_odd_names_are_taken() {
        assert_eq!(parsed("/sample-stream"), "/sample-stream");
        assert_eq!(parsed("/my/path/with:/to/mystream"), "/my/path/with:/to/mystream");
        assert_eq!(parsed("/käse brot/ it’s"), "/käse brot/ it’s");
        assert_eq!(parsed("/s/"), "/s");
        assert_eq!(parsed("/mapr/demo.cluster/a/s"), "/a/s");
        assert_eq!(parsed("/a/mapr/x"), "/a/mapr/x");
        assert_eq!(StreamPath::parse("/a/b").unwrap().components().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(StreamPath::parse("/a/b").unwrap().name(), "b");
    }

    #[test]
    fn each_rule_refuses_with_its_own_message() {
        for (text, part) in [
            ("s", "does not begin with `/`"),
            ("", "does not begin with `/`"),
            ("“/s”", "typographic double quote"),
            ("–path", "en dash"),
            ("/s”", "`”`, a typographic double quote"),
            ("/s\u{a0}", "non-breaking space"),
            ("/", "names no stream"),
            ("//s", "empty component"),
            ("/a//s", "empty component"),
            ("/a/../s", "`..` is not allowed"),
            ("/./s", "`.` is not allowed"),
            ("/a\0b", "NUL byte as character 3"),
            ("/a/s:t", "`:` as character 5"),
            ("/.streampath/tmp", "kept for the store"),
            ("/a/.streampath2", "kept for the store"),
            ("/mapr", "mount point"),
            ("/mapr/c", "mount point"),
            ("/mapr/c/", "mount point"),
            ("/mapr/c/mapr/d/s", "kept for the store"),
        ] {
            let message = refused(text);
            assert!(message.contains(part), "{text:?}: {message}");
            assert!(!message.contains('\n') && !message.contains('\0'), "{message:?}");
        }
    }

    #[test]
    fn both_sides_of_each_length() {
        assert_eq!(parsed(&format!("/{}", "a".repeat(255))).len(), 256);
        assert!(
            refused(&format!("/{}", "a".repeat(256))).contains("256 bytes long; the limit is 255")
        );
        let long = "/a".repeat(2048);
        assert_eq!(parsed(&long).len(), 4096);
        assert!(refused(&format!("{long}/")).contains("4097 bytes long; the limit is 4096 bytes"));
        let huge = refused(&format!("/{}", "x".repeat(10_000)));
        assert!(huge.contains("10001 bytes") && huge.len() < 300, "{huge}");
    }

    #[test]
    fn other_bytes_than_utf8_are_refused() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let error = StreamPath::parse_os(OsStr::from_bytes(b"/a\xff")).unwrap_err();
        assert!(matches!(error, NameError::NotUtf8 { .. }));
        assert!(StreamPath::parse_os(OsStr::new("/ä")).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_is_printed_is_read_as_the_same(text in any::<String>()) {
            for text in [text.clone(), format!("/{text}")] {
                if let Ok(path) = StreamPath::parse(&text) {
                    assert_eq!(StreamPath::parse(path.as_str()).unwrap(), path);
                    assert!(path.components().all(|c| !c.is_empty() && c != "." && c != ".."));
                }
            }
        }
    }
}
