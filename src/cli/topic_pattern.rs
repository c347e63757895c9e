//! Topics named by a regular expression: `/stream:^regex` as MapR spells it, and Kafka's filters.

use regex::Regex;

use crate::access::Action;
use crate::path::{StreamPath, TopicName, is_stream_path, split_target};
use crate::store::Stream;

use super::failure::{Exit, Failure};
use super::opening::open_stream;
use super::session::Session;
use super::target::stream_of_names;

/// What the whole name of a topic must match.
#[derive(Clone, Debug)]
pub(crate) struct TopicPattern {
    /// As it is used.
    text: String,
    whole: Regex,
}

impl TopicPattern {
    /// Reads Kafka's `--include`: blanks and outer quotes do not count, a comma is an "or".
    ///
    /// # Errors
    ///
    /// It is no regular expression (exit 2).
    pub(crate) fn kafka(text: &str) -> Result<Self, Failure> {
        let text = text.trim().replace(',', "|").replace(' ', "");
        let is_quote = |character| character == '"' || character == '\'';
        Self::new(text.trim_start_matches(is_quote).trim_end_matches(is_quote))
    }

    /// Reads what stands behind `/stream:` if that begins with `^`.
    ///
    /// # Errors
    ///
    /// It is no regular expression (exit 2).
    pub(crate) fn mapr(text: &str) -> Result<Self, Failure> {
        Self::new(text)
    }

    fn new(text: &str) -> Result<Self, Failure> {
        // Alone first: `a)(b` is none, however it is framed.
        let framed = Regex::new(text).and_then(|_| Regex::new(&format!("^(?:{text})$")));
        match framed {
            Ok(whole) => Ok(Self { text: text.to_owned(), whole }),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default();
                Err(Failure::usage(format!("{text} is an invalid regex."))
                    .with_hint(reason.trim_start_matches("error: ").to_owned()))
            }
        }
    }

    /// True if the whole name matches.
    #[must_use]
    pub(crate) fn matches(&self, name: &TopicName) -> bool {
        self.whole.is_match(name.as_str())
    }
}

/// The topics of one stream whose names match.
#[derive(Clone, Debug)]
pub(crate) struct Matching {
    stream: StreamPath,
    makes_stream: bool,
    pub(crate) pattern: TopicPattern,
}

impl Matching {
    /// True if a topic is spelled `/stream:^regex`.
    #[must_use]
    pub(crate) fn is_meant(text: &str) -> bool {
        let (_, topic) = split_target(text);
        is_stream_path(text) && topic.is_some_and(|topic| topic.starts_with('^'))
    }

    /// Reads `/stream:^regex`. `None` if it is the name of one topic.
    ///
    /// # Errors
    ///
    /// The stream or the expression is none (exit 2).
    pub(crate) fn of_topic(text: &str) -> Result<Option<Self>, Failure> {
        match split_target(text) {
            (stream, Some(topic)) if Self::is_meant(text) => {
                let pattern = TopicPattern::mapr(topic)?;
                Ok(Some(Self { stream: parse_stream(stream)?, makes_stream: false, pattern }))
            }
            _ => Ok(None),
        }
    }

    /// Reads `--include`: an expression for the stream of plain names, or `/stream:regex`.
    ///
    /// # Errors
    ///
    /// As [`resolve`](super::target::resolve), and the expression may be none (exit 2).
    pub(crate) fn of_include(
        text: &str,
        address: Option<&str>,
        default_stream: Option<&str>,
    ) -> Result<Self, Failure> {
        if !is_stream_path(text) {
            let pattern = TopicPattern::kafka(text)?;
            let (stream, makes_stream) = stream_of_names(text, address, default_stream)?;
            return Ok(Self { stream, makes_stream, pattern });
        }
        let (stream, Some(topic)) = split_target(text) else {
            return Err(Failure::usage(format!("`{text}` names a stream and no topics"))
                .with_hint(format!("--include '{text}:.*'")));
        };
        let pattern = TopicPattern::kafka(topic)?;
        Ok(Self { stream: parse_stream(stream)?, makes_stream: false, pattern })
    }

    /// Opens the stream for reading.
    ///
    /// # Errors
    ///
    /// The stream is missing; the caller may not consume.
    pub(crate) fn to_read(&self, session: &Session) -> Result<Stream, Failure> {
        let stream = open_stream(&self.stream, self.makes_stream, session)?;
        stream.authorize(Action::Consume)?;
        Ok(stream)
    }

    /// Opens the stream to look at it as a reader would find it; nothing is made.
    ///
    /// # Errors
    ///
    /// The stream is missing; the caller may not consume.
    pub(crate) fn to_look(&self, session: &Session) -> Result<Stream, Failure> {
        let stream = session.home()?.stream(&self.stream)?;
        stream.authorize(Action::Consume)?;
        Ok(stream)
    }

    /// Says that there is no such topic.
    #[must_use]
    pub(crate) fn no_topic(&self) -> String {
        format!("no topic of stream `{}` matches `{}`", self.stream, self.pattern.text)
    }

    /// Returns a command that shows which topics there are.
    #[must_use]
    pub(crate) fn list_command(&self) -> String {
        format!("streamctl stream topic list -path {}", self.stream)
    }
}

fn parse_stream(text: &str) -> Result<StreamPath, Failure> {
    StreamPath::parse(text)
        .map_err(|error| Failure::new(Exit::Usage, anyhow::Error::new(error)))
        .map_err(|failure| failure.with_hint("name topics as /stream:^regex"))
}

#[cfg(test)]
mod tests {
    use super::{Matching, TopicPattern};
    use crate::cli::failure::Exit;
    use crate::path::TopicName;

    fn matches(pattern: &TopicPattern, name: &str) -> bool {
        pattern.matches(&TopicName::parse(name).unwrap())
    }

    #[test]
    fn section_12_include_list_topic_filters() {
        let two = TopicPattern::kafka("yes1,yes2").unwrap();
        assert!(matches(&two, "yes1") && matches(&two, "yes2") && !matches(&two, "no1"), "12.1");
        let more = TopicPattern::kafka("included-topic.+").unwrap();
        assert!(matches(&more, "included-topic1") && !matches(&more, "no1"), "12.3");
        assert!(!matches(&more, "included-topic"));
    }

    #[test]
    fn blanks_and_outer_quotes_do_not_count_and_the_whole_name_must_match() {
        for text in [" a.* , b ", "\"a.*,b\"", "'\"a.*|b\"'"] {
            let pattern = TopicPattern::kafka(text).unwrap();
            assert!(matches(&pattern, "a1") && matches(&pattern, "b"), "{text}");
            assert!(!matches(&pattern, "ba") && !matches(&pattern, "bb"), "{text}");
        }
        for text in ["[foo.*", "a)(b", "(?<=a)b"] {
            let failure = TopicPattern::kafka(text).unwrap_err();
            assert_eq!(failure.to_string(), format!("{text} is an invalid regex."));
            assert_eq!(failure.exit, Exit::Usage);
            assert!(failure.hint.is_some());
        }
    }

    #[test]
    fn both_spellings_say_which_stream() {
        let mapr = Matching::of_topic("/a/s:^sens[0-9]{1,3}").unwrap().unwrap();
        assert_eq!(mapr.stream.as_str(), "/a/s");
        assert!(matches(&mapr.pattern, "sens12") && !matches(&mapr.pattern, "sens1234"));
        for name in ["/s:t", "t", "^t", "/s", "/a:^b/s:t"] {
            assert!(Matching::of_topic(name).unwrap().is_none(), "{name}");
        }
        let include = |text| Matching::of_include(text, None, Some("/d"));
        assert_eq!(include("sens.*").unwrap().stream.as_str(), "/d");
        assert_eq!(include("/s:sens.*,b").unwrap().stream.as_str(), "/s");
        assert!(matches(&include("/s:^sens.*").unwrap().pattern, "sens1"));
        assert!(include("/s").unwrap_err().to_string().contains("no topics"));
        let kafka = Matching::of_include("t.*", Some("localhost:9092"), None).unwrap();
        assert_eq!((kafka.stream.as_str(), kafka.makes_stream), ("/kafka", true));
        let far = Matching::of_include("t.*", Some("far.example:9092"), None).unwrap_err();
        assert_eq!(far.exit, Exit::Failed);
    }
}
