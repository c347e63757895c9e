//! The topics that `--topic` of Kafka's tools for topics means: those of one stream that match.

use crate::path::{StreamPath, TopicName, is_stream_path, split_target};
use crate::store::{StoreError, Stream};

use super::failure::{Exit, Failure};
use super::refusal::absent;
use super::session::Session;
use super::target::stream_of_names;
use super::topic_pattern::TopicPattern;

/// Topics that Kafka keeps for itself; other programs may make them in a stream.
const INTERNAL: [&str; 3] = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

/// True if Kafka keeps a topic of this name for itself.
#[must_use]
pub(crate) fn is_internal(name: &TopicName) -> bool {
    INTERNAL.contains(&name.as_str())
}

/// The topics of one stream whose whole names match an expression; all of them without one.
#[derive(Clone, Debug)]
pub(crate) struct NamedTopics {
    pub(crate) stream: StreamPath,
    /// The stream was named by its path, and so are its topics.
    pub(crate) by_path: bool,
    /// The stream is the one that nobody has to create.
    makes_stream: bool,
    pattern: Option<TopicPattern>,
}

impl NamedTopics {
    /// Reads an expression for topics of the stream of plain names, or `/stream:expression`; a
    /// stream alone, or nothing, is all topics.
    ///
    /// # Errors
    ///
    /// As [`resolve`](super::target::resolve), and the expression may be none (exit 2).
    pub(crate) fn of(
        text: Option<&str>,
        address: Option<&str>,
        default_stream: Option<&str>,
    ) -> Result<Self, Failure> {
        if let Some(text) = text.filter(|text| is_stream_path(text)) {
            let (stream, topic) = split_target(text);
            let stream = StreamPath::parse(stream)
                .map_err(|error| Failure::new(Exit::Usage, anyhow::Error::new(error)))
                .map_err(|failure| failure.with_hint("name topics as '/stream:REGEX'"))?;
            let topic = topic.filter(|topic| !topic.is_empty());
            let pattern = topic.map(TopicPattern::kafka).transpose()?;
            return Ok(Self { stream, by_path: true, makes_stream: false, pattern });
        }
        let pattern = text.map(TopicPattern::kafka).transpose()?;
        let (stream, makes_stream) =
            stream_of_names(text.unwrap_or(".*"), address, default_stream)?;
        Ok(Self { stream, by_path: false, makes_stream, pattern })
    }

    /// Returns all topics of the stream.
    #[must_use]
    pub(crate) fn all(self) -> Self {
        Self { pattern: None, ..self }
    }

    /// Opens the stream; `None` if it is the one that nobody has to create, and nobody has.
    ///
    /// # Errors
    ///
    /// The stream is missing.
    pub(crate) fn open(&self, session: &Session) -> Result<Option<Stream>, Failure> {
        match session.home()?.stream(&self.stream) {
            Err(StoreError::StreamNotFound { .. }) if self.makes_stream => Ok(None),
            outcome => Ok(Some(outcome.map_err(absent)?)),
        }
    }

    /// True if it is one of these topics.
    #[must_use]
    pub(crate) fn matches(&self, name: &TopicName) -> bool {
        self.pattern.as_ref().is_none_or(|pattern| pattern.matches(name))
    }

    /// Returns how a topic of the stream is named where these are.
    #[must_use]
    pub(crate) fn shown(&self, name: &TopicName) -> String {
        match self.by_path {
            true => format!("{}:{name}", self.stream),
            false => name.to_string(),
        }
    }

    /// Returns a command that shows which topics there are.
    #[must_use]
    pub(crate) fn list_command(&self) -> String {
        match self.by_path {
            true => format!("kafka-topics --list --topic '{}:.*'", self.stream),
            false => "kafka-topics --list".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NamedTopics;
    use crate::cli::failure::Exit;
    use crate::path::TopicName;

    fn is_named(text: Option<&str>, name: &str) -> (String, bool) {
        let named = NamedTopics::of(text, None, None).unwrap();
        let name = TopicName::parse(name).unwrap();
        (named.shown(&name), named.matches(&name))
    }

    #[test]
    fn topics_are_shown_as_they_are_named() {
        assert_eq!(is_named(None, "t"), ("t".to_owned(), true));
        assert_eq!(is_named(Some("t.*"), "to"), ("to".to_owned(), true));
        assert_eq!(is_named(Some("t"), "to"), ("to".to_owned(), false));
        for all in ["/s", "/s:", "/s:.*", "/s:t,u"] {
            assert_eq!(is_named(Some(all), "t"), ("/s:t".to_owned(), true), "{all}");
        }
        assert_eq!(is_named(Some("/s:u"), "t"), ("/s:t".to_owned(), false));
        let exit = |text| NamedTopics::of(Some(text), Some("far:1"), None).unwrap_err().exit;
        assert_eq!(
            (exit("t"), exit("/s:("), exit("/:t")),
            (Exit::Failed, Exit::Usage, Exit::Usage)
        );
    }
}
