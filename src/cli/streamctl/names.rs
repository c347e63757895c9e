//! How a command is told its stream and its topic: with options, by position, or both alike.

use clap::Args;

use crate::path::{NameError, StreamPath, Target, TopicName, split_target};

use crate::cli::failure::{Exit, Failure};

/// A stream.
#[derive(Debug, Args)]
pub(super) struct StreamName {
    /// Name the stream, such as /sample-stream
    #[arg(long, value_name = "STREAM")]
    path: Option<String>,

    /// Name the stream by position instead of with -path
    #[arg(value_name = "STREAM")]
    position: Option<String>,
}

impl StreamName {
    /// Returns the stream; `command` is shown to who named none.
    ///
    /// # Errors
    ///
    /// No stream, two different ones, or no name of a stream: exit 2.
    pub(super) fn stream(&self, command: &str) -> Result<StreamPath, Failure> {
        self.stream_if_named()?.ok_or_else(|| {
            Failure::missing("no stream is named", &["path"])
                .with_hint(format!("{command} -path /stream"))
        })
    }

    /// Returns the stream, if one is named.
    ///
    /// # Errors
    ///
    /// Two different ones, or no name of a stream: exit 2.
    pub(super) fn stream_if_named(&self) -> Result<Option<StreamPath>, Failure> {
        let path = self.path.as_deref().map(parse_stream).transpose()?;
        let position = self.position.as_deref().map(parse_stream).transpose()?;
        same(path, position, "streams")
    }
}

/// A topic of a stream.
#[derive(Debug, Args)]
pub(super) struct TopicOfStream {
    /// Name the stream, such as /sample-stream
    #[arg(long, value_name = "STREAM")]
    path: Option<String>,

    /// Name the topic: 1 to 249 letters A-Z and a-z, digits, `.`, `_` and `-`
    #[arg(long, value_name = "TOPIC", allow_hyphen_values = true)]
    topic: Option<String>,

    /// Name both by position instead
    #[arg(value_name = "STREAM:TOPIC")]
    position: Option<String>,
}

impl TopicOfStream {
    /// Returns the topic; `command` is shown to who named none.
    ///
    /// # Errors
    ///
    /// No topic or stream, two different ones, or names that are none: exit 2.
    pub(super) fn target(&self, command: &str) -> Result<Target, Failure> {
        let (stream, topic) = match self.position.as_deref() {
            Some(text) if split_target(text).1.is_none() => (Some(parse_stream(text)?), None),
            Some(text) => {
                let target = Target::parse(text).map_err(not_a_name)?;
                (Some(target.stream), Some(target.topic))
            }
            None => (None, None),
        };
        let path = self.path.as_deref().map(parse_stream).transpose()?;
        let named = self.topic.as_deref().map(TopicName::parse).transpose().map_err(not_a_name)?;
        let missing = |what: &str| {
            Failure::missing(format!("no {what} is named"), &["path", "topic"])
                .with_hint(format!("{command} -path /stream -topic topic"))
        };
        Ok(Target {
            stream: same(path, stream, "streams")?.ok_or_else(|| missing("stream"))?,
            topic: same(named, topic, "topics")?.ok_or_else(|| missing("topic"))?,
        })
    }
}

/// Reads the path of a stream.
///
/// # Errors
///
/// The first rule of paths that the text breaks: exit 2.
pub(super) fn parse_stream(text: &str) -> Result<StreamPath, Failure> {
    StreamPath::parse(text).map_err(|error| {
        let hint = match &error {
            NameError::NotAbsolute { .. } => {
                let rooted = format!("/{text}");
                StreamPath::parse(&rooted).is_ok().then(|| format!("type {rooted}"))
            }
            NameError::Character { .. } => {
                let target = Target::parse(text).ok();
                target.map(|target| format!("`{text}` is a topic; its stream is {}", target.stream))
            }
            _ => None,
        };
        Failure { hint, ..not_a_name(error) }
    })
}

/// Turns a broken rule of names into a failure.
pub(super) fn not_a_name(error: NameError) -> Failure {
    Failure::new(Exit::Usage, error)
}

/// Returns the one that is given, or either if both are equal.
pub(super) fn same<T: PartialEq + std::fmt::Display>(
    option: Option<T>,
    position: Option<T>,
    what: &str,
) -> Result<Option<T>, Failure> {
    match (option, position) {
        (Some(option), Some(position)) if option != position => Err(Failure::usage(format!(
            "two {what} are named: `{option}` with an option and `{position}` by position"
        ))
        .with_hint("give one of the two")),
        (option, position) => Ok(option.or(position)),
    }
}

#[cfg(test)]
mod tests {
    use super::{StreamName, TopicOfStream};

    fn topic(path: Option<&str>, topic: Option<&str>, position: Option<&str>) -> String {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let name = TopicOfStream { path: text(path), topic: text(topic), position: text(position) };
        match name.target("streamctl stream topic info") {
            Ok(target) => target.to_string(),
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn a_topic_is_named_in_every_way_that_is_clear() {
        assert_eq!(topic(Some("/s"), Some("t"), None), "/s:t");
        assert_eq!(topic(None, None, Some("/s:t")), "/s:t");
        assert_eq!(topic(None, Some("t"), Some("/s")), "/s:t");
        assert_eq!(topic(Some("/mapr/c/s"), Some("t"), Some("/s:t")), "/s:t");
        assert_eq!(topic(Some("/s"), Some("-t"), None), "/s:-t");
    }

    #[test]
    fn what_is_unclear_or_missing_is_said() {
        assert!(topic(Some("/s"), Some("t"), Some("/s:u")).starts_with("two topics are named"));
        assert!(topic(Some("/r"), None, Some("/s:u")).starts_with("two streams are named"));
        assert_eq!(topic(Some("/s"), None, None), "no topic is named");
        assert_eq!(topic(None, Some("t"), None), "no stream is named");
        assert!(topic(None, None, Some("s:t")).contains("does not begin with `/`"));
    }

    #[test]
    fn a_missing_stream_gets_a_hint() {
        let name = StreamName { path: None, position: None };
        let failure = name.stream("streamctl stream create").unwrap_err();
        assert_eq!(failure.hint.as_deref(), Some("streamctl stream create -path /stream"));
    }
}
