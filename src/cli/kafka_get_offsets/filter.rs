//! Which partitions of which topics are meant: `--topic-partitions`, or `--topic` and `--partitions`.

use std::collections::BTreeSet;

use crate::cli::failure::Failure;
use crate::cli::named_topics::NamedTopics;
use crate::path::{StreamPath, TopicName, is_stream_path};

/// Partitions by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Partitions {
    /// From the first number to below the second.
    Range(u32, u32),
    /// These.
    Only(BTreeSet<u32>),
}

/// Some partitions of some topics.
#[derive(Clone, Debug)]
struct Rule {
    topics: NamedTopics,
    partitions: Partitions,
}

/// What any of its rules lets through.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    rules: Vec<Rule>,
}

/// What an expression for topics becomes.
pub(super) type Named<'a> = &'a dyn Fn(Option<&str>) -> Result<NamedTopics, Failure>;

impl Filter {
    /// Reads rules with commas between them: `REGEX[:PARTITIONS]` or `/stream:REGEX[:PARTITIONS]`.
    ///
    /// # Errors
    ///
    /// A rule is none, in Kafka's words (exit 2), or names no stream here.
    pub(super) fn of_list(list: &str, named: Named<'_>) -> Result<Self, Failure> {
        let rules: Result<Vec<Rule>, Failure> =
            list.split(',').map(|rule| Rule::parse(rule, named)).collect();
        Ok(Self { rules: rules? })
    }

    /// Makes the one rule of a topic's expression and a list of numbers; all without them.
    ///
    /// # Errors
    ///
    /// A number is none, in Kafka's words (exit 2), or the expression is, or names no stream here.
    pub(super) fn of_parts(
        topic: Option<&str>,
        partitions: Option<&str>,
        named: Named<'_>,
    ) -> Result<Self, Failure> {
        let partitions = match partitions.filter(|list| !list.is_empty()) {
            None => Partitions::Range(0, u32::MAX),
            Some(list) => {
                let numbers: Result<BTreeSet<u32>, _> =
                    list.split(',').map(|number| number.trim().parse()).collect();
                let numbers = numbers.map_err(|_| {
                    Failure::usage(format!(
                        "--partitions expects a comma separated list of numeric partition ids, but \
                         received: {list}"
                    ))
                    .with_hint("--partitions 0,1")
                })?;
                Partitions::Only(numbers)
            }
        };
        Ok(Self { rules: vec![Rule { topics: named(topic)?, partitions }] })
    }

    /// Returns the streams that topics are in, each once, with how they are named there.
    pub(super) fn streams(&self) -> Vec<&NamedTopics> {
        let mut found: Vec<&NamedTopics> = Vec::new();
        for Rule { topics, .. } in &self.rules {
            let is_known = |known: &&NamedTopics| {
                known.stream == topics.stream && known.by_path == topics.by_path
            };
            if !found.iter().any(is_known) {
                found.push(topics);
            }
        }
        found
    }

    /// True if the partition of a topic in a stream is meant. `by_path` is how its name is shown.
    pub(super) fn lets_through(
        &self,
        stream: &StreamPath,
        by_path: bool,
        topic: &TopicName,
        partition: u32,
    ) -> bool {
        self.rules.iter().any(|rule| {
            rule.topics.stream == *stream
                && rule.topics.by_path == by_path
                && rule.topics.matches(topic)
                && match &rule.partitions {
                    Partitions::Range(first, end) => (*first..*end).contains(&partition),
                    Partitions::Only(numbers) => numbers.contains(&partition),
                }
        })
    }
}

impl Rule {
    fn parse(text: &str, named: Named<'_>) -> Result<Self, Failure> {
        let invalid = || {
            Failure::usage(format!("Invalid rule specification: {text}")).with_hint(
                "write TOPIC, TOPIC:0, TOPIC:1-, TOPIC:-3 or TOPIC:1-3, the last one not included",
            )
        };
        // The first colon of a path belongs to the name of the topic.
        let stream_end = match is_stream_path(text) {
            true => text.find(':').map_or(text.len(), |colon| colon + 1),
            false => 0,
        };
        let (topic, partitions) = match text[stream_end..].split_once(':') {
            Some((topic, partitions)) => (&text[..stream_end + topic.len()], Some(partitions)),
            None => (text, None),
        };
        let partitions = match partitions {
            None => Partitions::Range(0, u32::MAX),
            Some(spec) => partitions_of(spec).ok_or_else(invalid)?,
        };
        Ok(Self { topics: named(Some(topic).filter(|topic| !topic.is_empty()))?, partitions })
    }
}

/// Reads `N`, `N-`, `-N` or `N-M`; nothing is every partition.
fn partitions_of(spec: &str) -> Option<Partitions> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str, otherwise: u32| match text {
        "" => Some(otherwise),
        text if is_number(text) => text.parse().ok(),
        _ => None,
    };
    match spec.split_once('-') {
        Some((first, end)) => Some(Partitions::Range(number(first, 0)?, number(end, u32::MAX)?)),
        None if spec.is_empty() => Some(Partitions::Range(0, u32::MAX)),
        None => number(spec, 0).map(|only| Partitions::Only(BTreeSet::from([only]))),
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use crate::cli::named_topics::NamedTopics;
    use crate::path::{StreamPath, TopicName};

    fn filter(list: &str) -> Result<Filter, String> {
        let named = |text: Option<&str>| NamedTopics::of(text, None, None);
        Filter::of_list(list, &named).map_err(|failure| failure.to_string())
    }

    fn allows(list: &str, topic: &str, partition: u32) -> bool {
        let (stream, topic) = topic.rsplit_once(':').unwrap_or(("/kafka", topic));
        let by_path = list.starts_with('/');
        let stream = StreamPath::parse(stream).unwrap();
        let topic = TopicName::parse(topic).unwrap();
        filter(list).unwrap().lets_through(&stream, by_path, &topic, partition)
    }

    /// A row, a list, and partitions that it lets through and does not.
    type Row = (&'static str, &'static str, These, These);

    type These = &'static [(&'static str, u32)];

    #[test]
    fn section_13_get_offsets_filters() {
        const INTERNAL: &str = "__consumer_offsets";
        let rows: &[Row] = &[
            ("13.1", "test", &[("test", 0), ("test", 7)], &[("test1", 0), (INTERNAL, 0)]),
            (
                "13.3",
                "test,test1,__consumer_offsets",
                &[("test", 0), ("test1", 1), (INTERNAL, 0)],
                &[("test2", 0)],
            ),
            ("13.5", ":0", &[("test", 0)], &[("test2", 1), (INTERNAL, 1)]),
            ("13.7", ":1-", &[("test", 1), ("test1", 2)], &[("test2", 0)]),
            (
                "13.9",
                "test.*:0,__consumer_offsets:1-2,.*:3",
                &[("test", 0), ("test1", 0), ("custom", 3), (INTERNAL, 1), (INTERNAL, 3)],
                &[("test", 1), ("custom", 0), (INTERNAL, 0), (INTERNAL, 2)],
            ),
            ("13.11", ":1-3", &[("t", 1), ("t", 2)], &[("t", 0), ("t", 3), ("t", 4), ("t", 5)]),
            ("13.13", ":-3", &[("t", 0), ("t", 1), ("t", 2)], &[("t", 3), ("t", 4), ("t", 5)]),
            ("path", "/s:t.*:1", &[("/s:to", 1)], &[("/s:to", 0), ("/r:to", 1), ("/s:u", 1)]),
            ("all of a path", "/s::0", &[("/s:to", 0)], &[("/s:to", 1)]),
            ("paths", "/s:t,/r:u:0", &[("/s:t", 5), ("/r:u", 0)], &[("/r:u", 1), ("/r:t", 0)]),
        ];
        for (row, list, allowed, refused) in rows {
            for (topic, partition) in *allowed {
                assert!(allows(list, topic, *partition), "{row}: {topic}-{partition}");
            }
            for (topic, partition) in *refused {
                assert!(!allows(list, topic, *partition), "{row}: {topic}-{partition}");
            }
        }
        assert!(allows("t:", "t", 9) && allows("t:-", "t", 9));
    }

    #[test]
    fn what_is_no_rule_is_named() {
        for rule in ["t:x", "t:0:1", "t:1-2-3", "t:-1-", "t:+1", "/s:t:0:1"] {
            let said = filter(rule).unwrap_err();
            assert_eq!(said, format!("Invalid rule specification: {rule}"));
        }
        assert_eq!(filter("t[:0").unwrap_err(), "t[ is an invalid regex.");
    }
}
