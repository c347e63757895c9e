//! Which stream, which of its groups and which topics a command line means.

use crate::path::{StreamPath, TopicName, check_group, is_stream_path};
use crate::store::{GroupSummary, StoreError, Stream};

use crate::cli::failure::{Exit, Failure, printable};
use crate::cli::session::Session;
use crate::cli::target::stream_of_names;

use super::arguments::Arguments;

/// A topic, or some of its partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TopicArgument {
    /// The topic.
    pub(super) name: TopicName,
    /// The partitions; `None`: all.
    pub(super) partitions: Option<Vec<u32>>,
}

/// What a command is about: groups of one stream.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// The stream.
    pub(super) stream: StreamPath,
    /// The groups that are named; `None`: all.
    pub(super) groups: Option<Vec<String>>,
    /// The topics that are named.
    pub(super) topics: Vec<TopicArgument>,
    /// The stream is the one that nobody has to create.
    makes_stream: bool,
    /// The stream was named by its path, and so are its topics.
    topics_by_path: bool,
    /// Groups were named with the path of their stream.
    groups_by_path: bool,
}

/// Tells whether `--group` names no group but a stream, and with it all groups there.
#[must_use]
pub(super) fn names_whole_stream(text: &str) -> bool {
    is_stream_path(text) && text.split_once(':').is_none_or(|(_, group)| group.is_empty())
}

impl Scope {
    /// Finds out what is meant.
    ///
    /// # Errors
    ///
    /// Names that are none, or names in two streams: exit 2; an address of another machine: exit 1.
    pub(super) fn of(arguments: &Arguments, session: &Session) -> Result<Self, Failure> {
        let mut streams: Vec<StreamPath> = Vec::new();
        let mut named_plainly = None;
        let mut groups = Vec::new();
        let mut groups_by_path = false;
        for text in &arguments.group {
            let (stream, group) = split(text)?;
            groups_by_path |= stream.is_some();
            match (&stream, group) {
                (Some(_), "") => {}
                (_, group) => {
                    check_group(group).map_err(|error| Failure::new(Exit::Usage, error))?;
                    if !groups.iter().any(|known| known == group) {
                        groups.push(group.to_owned());
                    }
                }
            }
            named_plainly = named_plainly.or(stream.is_none().then_some(text));
            streams.extend(stream);
        }
        let whole = arguments.group.iter().any(|group| names_whole_stream(group));
        let all = whole || arguments.all_groups || arguments.group.is_empty();
        let mut topics = Vec::new();
        for text in &arguments.topic {
            let (stream, topic) = split(text)?;
            named_plainly = named_plainly.or(stream.is_none().then_some(text));
            streams.extend(stream);
            topics.push(TopicArgument::parse(topic)?);
        }
        streams.dedup();
        if let [one, other, ..] = streams.as_slice() {
            return Err(Failure::usage(format!("two streams are named: `{one}` and `{other}`"))
                .with_hint("call the tool once for each"));
        }
        let topics_by_path = !streams.is_empty();
        let (stream, makes_stream) = match streams.pop() {
            Some(stream) => (stream, false),
            None => stream_of_names(
                named_plainly.map_or("*", String::as_str),
                arguments.bootstrap_server.as_deref(),
                session.environment.default_stream.as_deref(),
            )
            .map_err(|failure| elsewhere(failure, arguments.bootstrap_server.as_deref()))?,
        };
        let groups = (!all).then_some(groups);
        Ok(Self { stream, groups, topics, makes_stream, topics_by_path, groups_by_path })
    }

    /// Opens the stream; `None` if it is the one that nobody has to create, and nobody has.
    ///
    /// # Errors
    ///
    /// The stream is missing.
    pub(super) fn open(&self, session: &Session) -> Result<Option<Stream>, Failure> {
        match session.home()?.stream(&self.stream) {
            Err(StoreError::StreamNotFound { .. }) if self.makes_stream => Ok(None),
            outcome => Ok(Some(outcome?)),
        }
    }

    /// Returns the groups that are meant: for one that is not there only its name.
    ///
    /// # Errors
    ///
    /// What the store meets.
    pub(super) fn found(
        &self,
        stream: Option<&Stream>,
    ) -> Result<Vec<(String, Option<GroupSummary>)>, Failure> {
        let all = match stream {
            Some(stream) => match self.groups.as_deref() {
                Some([only]) => stream.groups(Some(only))?,
                _ => stream.groups(None)?,
            },
            None => Vec::new(),
        };
        let Some(names) = &self.groups else {
            return Ok(all.into_iter().map(|group| (group.group.clone(), Some(group))).collect());
        };
        let find = |name: &String| all.iter().find(|group| group.group == *name).cloned();
        Ok(names.iter().map(|name| (name.clone(), find(name))).collect())
    }

    /// Returns how a group is shown: as these are named, control characters made visible.
    #[must_use]
    pub(super) fn shown_group(&self, group: &str) -> String {
        printable(&self.named_group(group))
    }

    /// Returns how a group is named where these are.
    #[must_use]
    pub(super) fn named_group(&self, group: &str) -> String {
        match self.groups_by_path {
            true => format!("{}:{group}", self.stream),
            false => group.to_owned(),
        }
    }

    /// Returns how a topic is named where these are.
    #[must_use]
    pub(super) fn shown_topic(&self, topic: &TopicName) -> String {
        match self.topics_by_path {
            true => format!("{}:{topic}", self.stream),
            false => topic.to_string(),
        }
    }

    /// Reads the name of a group or topic in a file: with this stream in front, or without.
    ///
    /// # Errors
    ///
    /// It names another stream.
    pub(super) fn own<'t>(&self, text: &'t str) -> Result<&'t str, Failure> {
        match split(text)? {
            (Some(stream), _) if stream != self.stream => {
                Err(Failure::usage(format!("`{text}` is not in stream `{}`", self.stream)))
            }
            (_, name) => Ok(name),
        }
    }
}

/// Says that groups at another machine's address are out of reach.
fn elsewhere(failure: Failure, address: Option<&str>) -> Failure {
    let (Exit::Failed, Some(address)) = (failure.exit, address) else { return failure };
    let text = format!(
        "the groups at `{address}` are in a Kafka cluster, and those cannot be reached yet"
    );
    Failure::message(Exit::Failed, text).with_hint("use a stream: --group /stream:GROUP")
}

/// Splits `/stream:name`; a plain name has no stream.
fn split(text: &str) -> Result<(Option<StreamPath>, &str), Failure> {
    if !is_stream_path(text) {
        return Ok((None, text));
    }
    let (stream, name) = text.split_once(':').unwrap_or((text, ""));
    let stream = StreamPath::parse(stream)
        .map_err(|error| Failure::new(Exit::Usage, error).with_hint("name it as /stream:name"))?;
    Ok((Some(stream), name))
}

impl TopicArgument {
    /// Reads `topic` or `topic:0,1`.
    ///
    /// # Errors
    ///
    /// It is neither, in Kafka's words: exit 2.
    fn parse(text: &str) -> Result<Self, Failure> {
        let (name, partitions) = match text.split_once(':') {
            None => (text, None),
            Some((name, list)) if !list.is_empty() && !list.contains(':') => {
                let number = |part: &str| {
                    part.parse::<u32>().map_err(|_| {
                        Failure::usage(format!(
                            "Invalid partition '{part}' specified in topic arg '{text}''"
                        ))
                    })
                };
                (name, Some(list.split(',').map(number).collect::<Result<Vec<u32>, _>>()?))
            }
            Some(_) => {
                let sentence =
                    format!("Invalid topic arg '{text}', expected topic name and partitions");
                return Err(Failure::usage(sentence));
            }
        };
        let name = TopicName::parse(name).map_err(|error| Failure::new(Exit::Usage, error))?;
        Ok(Self { name, partitions })
    }
}

#[cfg(test)]
mod tests {
    use super::{TopicArgument, names_whole_stream};

    fn topic(text: &str) -> Result<Option<Vec<u32>>, String> {
        TopicArgument::parse(text)
            .map(|topic| topic.partitions)
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_topic_is_whole_or_some_partitions() {
        assert_eq!(topic("t"), Ok(None));
        assert_eq!(topic("t:0,12"), Ok(Some(vec![0, 12])));
        let invalid = "Invalid partition 'x' specified in topic arg 't:x''";
        assert_eq!(topic("t:x").unwrap_err(), invalid);
        let invalid = "Invalid topic arg 't:', expected topic name and partitions";
        assert_eq!(topic("t:").unwrap_err(), invalid);
    }

    #[test]
    fn a_stream_alone_is_all_its_groups() {
        assert!(names_whole_stream("/s") && names_whole_stream("/s:"));
        assert!(!names_whole_stream("/s:g") && !names_whole_stream("g"));
    }
}
