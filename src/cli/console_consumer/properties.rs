//! Properties of a Kafka consumer that mean something here, wherever they were given.

use std::time::Duration;

use crate::cli::console_producer::name_and_value;
use crate::cli::failure::Failure;
use crate::cli::place::Place;
use crate::group::Reset;
use crate::path::check_group;

/// Kafka's default of `auto.commit.interval.ms`.
const COMMIT_INTERVAL: Duration = Duration::from_secs(5);

/// Properties of a consumer.
#[derive(Debug, Default)]
pub(super) struct Properties {
    group_id: Option<String>,
    reset: Option<Reset>,
    auto_commit: Option<bool>,
    interval: Option<Duration>,
    /// Names of those that have no meaning here.
    pub(super) unused: Vec<String>,
}

/// The group that is read for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupOptions {
    /// Its id.
    pub(crate) id: String,
    /// Where to start in partitions in which it has no cursor.
    pub(crate) reset: Reset,
    /// How often to commit; `None` never does.
    pub(crate) commit_every: Option<Duration>,
}

impl Properties {
    /// Reads the pairs of `--consumer-property` or of `--command-property`.
    ///
    /// # Errors
    ///
    /// Both were given, or a value cannot be meant: exit 2.
    pub(super) fn of(consumer: &[String], command: &[String]) -> Result<Self, Failure> {
        if !consumer.is_empty() && !command.is_empty() {
            return Err(Failure::usage(
                "Options --consumer-property and --command-property cannot be specified together.",
            ));
        }
        let mut properties = Self::default();
        for pair in consumer.iter().chain(command) {
            let (name, value) = name_and_value(pair);
            let wrong = |expected: &str| {
                Failure::usage(format!("property {name} is `{value}`; expected {expected}"))
            };
            match name {
                "group.id" => properties.group_id = Some(value.to_owned()),
                "auto.offset.reset" => {
                    properties.reset = Some(match value.to_ascii_lowercase().as_str() {
                        "earliest" => Reset::Earliest,
                        "latest" => Reset::Latest,
                        "none" => Reset::None,
                        _ => return Err(wrong("earliest, latest or none")),
                    });
                }
                "enable.auto.commit" => {
                    properties.auto_commit = Some(match value.to_ascii_lowercase().as_str() {
                        "true" => true,
                        "false" => false,
                        _ => return Err(wrong("true or false")),
                    });
                }
                "auto.commit.interval.ms" => {
                    let ms = value.parse().map_err(|_| wrong("a number of milliseconds"))?;
                    properties.interval = Some(Duration::from_millis(ms));
                }
                _ => properties.unused.push(name.to_owned()),
            }
        }
        Ok(properties)
    }

    /// Returns the group to read for, which `--group` may name, too.
    ///
    /// # Errors
    ///
    /// Two different ids, no id, or two different places to start: exit 2.
    pub(super) fn group(
        &self,
        option: Option<&str>,
        from_beginning: bool,
    ) -> Result<Option<GroupOptions>, Failure> {
        let reset = self.reset(from_beginning)?;
        let id = match (option, self.group_id.as_deref()) {
            (Some(option), Some(property)) if option != property => {
                return Err(Failure::usage(format!(
                    "The group ids provided in different places (directly using '--group', via \
                     '--consumer-property', or via '--consumer.config') do not match. Detected \
                     group ids: '{option}', '{property}'"
                )));
            }
            (option, property) => option.or(property),
        };
        let Some(id) = id else { return Ok(None) };
        check_group(id).map_err(|error| Failure::new(crate::cli::failure::Exit::Usage, error))?;
        let interval = self.interval.unwrap_or(COMMIT_INTERVAL);
        Ok(Some(GroupOptions {
            id: id.to_owned(),
            reset,
            commit_every: self.auto_commit.unwrap_or(true).then_some(interval),
        }))
    }

    /// Returns where to start without a group.
    ///
    /// # Errors
    ///
    /// Two different places: exit 2.
    pub(super) fn start(&self, from_beginning: bool) -> Result<Place, Failure> {
        match self.reset(from_beginning)? {
            Reset::Earliest => Ok(Place::Beginning),
            // With a group its cursors say where; the group refuses if it has none.
            Reset::Latest | Reset::None => Ok(Place::End),
        }
    }

    fn reset(&self, from_beginning: bool) -> Result<Reset, Failure> {
        match (self.reset, from_beginning) {
            (Some(Reset::Latest), true) => Err(conflict("latest")),
            (Some(Reset::None), true) => Err(conflict("none")),
            (Some(reset), _) => Ok(reset),
            (None, true) => Ok(Reset::Earliest),
            (None, false) => Ok(Reset::Latest),
        }
    }
}

fn conflict(value: &str) -> Failure {
    Failure::usage(format!(
        "Can't simultaneously specify --from-beginning and 'auto.offset.reset={value}', please \
         remove one option"
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{GroupOptions, Properties};
    use crate::group::Reset;

    fn group(
        option: Option<&str>,
        pairs: &[&str],
        from_beginning: bool,
    ) -> Result<Option<GroupOptions>, String> {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        Properties::of(&pairs, &[])
            .and_then(|properties| properties.group(option, from_beginning))
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_group_is_named_by_option_or_property() {
        let g = |reset, ms: Option<u64>| GroupOptions {
            id: "g".to_owned(),
            reset,
            commit_every: ms.map(Duration::from_millis),
        };
        assert_eq!(group(None, &[], false), Ok(None));
        assert_eq!(group(Some("g"), &[], false), Ok(Some(g(Reset::Latest, Some(5000)))));
        assert_eq!(group(None, &["group.id=g"], true), Ok(Some(g(Reset::Earliest, Some(5000)))));
        let both = group(Some("g"), &["group.id=g", "enable.auto.commit=false"], false);
        assert_eq!(both, Ok(Some(g(Reset::Latest, None))));
        let pairs = ["auto.offset.reset=none", "auto.commit.interval.ms=70"];
        assert_eq!(group(Some("g"), &pairs, false), Ok(Some(g(Reset::None, Some(70)))));
    }

    #[test]
    fn what_does_not_fit_together_is_refused_in_kafkas_words() {
        let error = |option, pairs: &[&str], from_beginning| {
            group(option, pairs, from_beginning).unwrap_err()
        };
        assert!(error(Some("a"), &["group.id=b"], false).ends_with("group ids: 'a', 'b'"));
        assert!(
            error(Some("a"), &["auto.offset.reset=latest"], true)
                .starts_with("Can't simultaneously specify --from-beginning and")
        );
        assert!(error(Some("a"), &["auto.offset.reset=x"], true).contains("expected earliest"));
        assert!(error(Some(""), &[], false).contains("is empty"));
        let pair = ["a=b".to_owned()];
        assert!(Properties::of(&pair, &pair).is_err());
        assert_eq!(Properties::of(&pair, &[]).unwrap().unused, ["a"]);
    }
}
