//! `/stream:topic`: which part is the stream and which the topic.

use std::ffi::OsStr;
use std::fmt;
use std::str::FromStr;

use super::error::{NameError, excerpt};
use super::stream_path::StreamPath;
use super::topic_name::TopicName;

/// A topic of a stream, written `/stream:topic`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// The stream.
    pub stream: StreamPath,
    /// The topic in it.
    pub topic: TopicName,
}

impl Target {
    /// Reads `/stream:topic`.
    ///
    /// # Errors
    /// `NoTopic` without a `:` behind the last `/`, else what is wrong with either part.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if !is_stream_path(text) {
            return Err(NameError::NotAbsolute { text: excerpt(text) });
        }
        let (stream, topic) = split_target(text);
        let Some(topic) = topic else {
            return Err(NameError::NoTopic { text: excerpt(text) });
        };
        if stream.ends_with('/') {
            return Err(NameError::NoStreamName { text: excerpt(text) });
        }
        let stream = StreamPath::parse(stream)?;
        if topic.is_empty() {
            return Err(NameError::NoTopicName { text: excerpt(text) });
        }
        Ok(Self { stream, topic: TopicName::parse(topic)? })
    }

    /// Reads `/stream:topic` given as the bytes of an argument.
    ///
    /// # Errors
    /// `NotUtf8`, else as `parse`.
    pub fn parse_os(text: &OsStr) -> Result<Self, NameError> {
        match text.to_str() {
            Some(text) => Self::parse(text),
            None => Err(NameError::NotUtf8 { text: excerpt(&text.to_string_lossy()) }),
        }
    }
}

/// Returns whether MapR's clients take `text` for a stream path (or target) and not for a plain
/// topic of a Kafka cluster: it begins with `/`.
pub fn is_stream_path(text: &str) -> bool {
    text.starts_with('/')
}

/// Splits at MapR's place: the first `:` after the last `/`; nothing is checked.
pub fn split_target(text: &str) -> (&str, Option<&str>) {
    let name = text.rfind('/').map_or(0, |slash| slash + 1);
    match text[name..].find(':') {
        Some(colon) => (&text[..name + colon], Some(&text[name + colon + 1..])),
        None => (text, None),
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.stream, self.topic)
    }
}

impl FromStr for Target {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, is_stream_path, split_target};

    #[test]
    fn the_last_slash_comes_first_then_the_first_colon() {
        let target = Target::parse("/my/path:with/s:t").unwrap();
        assert_eq!((target.stream.as_str(), target.topic.as_str()), ("/my/path:with/s", "t"));
        assert_eq!(target.to_string(), "/my/path:with/s:t");
        assert_eq!(
            Target::parse("/mapr/c/s:.configuration").unwrap().to_string(),
            "/s:.configuration"
        );
        assert_eq!(split_target("/s"), ("/s", None));
        assert_eq!(split_target("/s:a:b"), ("/s", Some("a:b")));
        assert!(is_stream_path("/s") && !is_stream_path("s:t"));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, part) in [
            ("/s", "names no topic"),
            ("/a:b/s", "names no topic"),
            ("/s:", "topic name in `/s:` is empty"),
            ("/:t", "names no stream"),
            ("/s/:t", "names no stream"),
            ("s:t", "does not begin with `/`"),
            ("‘/s:t’", "typographic single quote"),
            ("/s:t’", "typographic single quote"),
            ("/s:a:b", "`:` as character 2"),
            ("/s:..", "`..` is not allowed"),
            ("/a/../s:t", "`..` is not allowed"),
        ] {
            let message = Target::parse(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
