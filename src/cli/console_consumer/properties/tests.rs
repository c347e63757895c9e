//! Tests of what properties and options say together.

use std::time::Duration;

use super::{FromOptions, GroupOptions, Settings};
use crate::cli::kafka_settings::{EmptyValues, Properties};
use crate::cli::place::Place;
use crate::group::assign::Assignor;
use crate::group::{Reset, Timing};
use crate::time::TimestampMs;

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);

fn properties(pairs: &[&str]) -> Properties {
    let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
    Properties::from_pairs(&pairs, EmptyValues::Accepted).unwrap()
}

fn settings(file: &[&str], pairs: &[&str], options: FromOptions<'_>) -> Result<Settings, String> {
    Settings::new(properties(file), properties(pairs), options, NOW)
        .map_err(|failure| failure.to_string())
}

fn simple(pairs: &[&str]) -> Result<Settings, String> {
    settings(&[], pairs, FromOptions::default())
}

#[test]
fn a_group_is_named_by_option_property_or_file() {
    let named = |group| FromOptions { group, ..FromOptions::default() };
    let group = |reset, ms: Option<u64>| GroupOptions {
        id: "g".to_owned(),
        client: "console-consumer".to_owned(),
        reset,
        commit_every: ms.map(Duration::from_millis),
        commit_each: false,
        verbose: false,
        timing: Timing::default(),
        instance: None,
        assignors: Vec::new(),
    };
    assert_eq!(simple(&[]).unwrap().group, None);
    let found = settings(&["group.id=g"], &["group.id=g"], named(Some("g"))).unwrap();
    assert_eq!(found.group, Some(group(Reset::Latest, Some(5000))), "5.15");
    let pairs = ["enable.auto.commit=false", "auto.offset.reset=none"];
    let found = settings(&[], &pairs, named(Some("g"))).unwrap();
    assert_eq!(found.group, Some(group(Reset::None, None)));
    let pairs = ["auto.commit.interval.ms=70", "client.id=me"];
    let found = settings(&["group.id=g"], &pairs, named(None)).unwrap().group.unwrap();
    assert_eq!(
        (found.client.as_str(), found.commit_every),
        ("me", Some(Duration::from_millis(70)))
    );
    let error = settings(&["group.id=c"], &["group.id=b"], named(Some("b"))).unwrap_err();
    assert!(error.ends_with("do not match. Detected group ids: 'b', 'c'"), "5.17: {error}");
    let with_partition = FromOptions { has_partition: true, ..named(None) };
    let error = settings(&["group.id=c"], &[], with_partition).unwrap_err();
    assert_eq!(error, "Options group and partition cannot be specified together.");
    assert!(settings(&[], &[], named(Some(""))).unwrap_err().contains("is empty"));
}

#[test]
fn section_29_where_to_start() {
    for (value, expected) in [
        ("earliest", Some(Place::Beginning)),
        ("latest", Some(Place::End)),
        ("none", None),
        ("by_duration:PT1H", Some(Place::Time(TimestampMs(NOW.0 - 3_600_000)))),
        ("by_duration:P2D", Some(Place::Time(TimestampMs(NOW.0 - 2 * 86_400_000)))),
    ] {
        let found = simple(&[&format!("auto.offset.reset={value}")]).unwrap();
        assert_eq!(found.start, expected, "29.1 {value}");
    }
    for value in ["LATEST", "EARLIEST", "NONE", "", "null", "by_duration:", "by_duration:1h"] {
        let error = simple(&[&format!("auto.offset.reset={value}")]).unwrap_err();
        assert!(error.starts_with(&format!("Invalid value {value} for")), "29.3 {error}");
    }
    let error = simple(&["auto.offset.reset=by_duration:-PT1H"]).unwrap_err();
    assert!(error.contains("Negative duration is not supported"), "{error}");
    let from_beginning = FromOptions { from_beginning: true, ..FromOptions::default() };
    assert_eq!(settings(&[], &[], from_beginning).unwrap().start, Some(Place::Beginning));
    for value in ["latest", "none", "x"] {
        let pair = format!("auto.offset.reset={value}");
        let error = settings(&[&pair], &[], from_beginning).unwrap_err();
        let start = format!(
            "Can't simultaneously specify --from-beginning and 'auto.offset.reset={value}', please"
        );
        assert!(error.starts_with(&start), "{error}");
    }
    assert!(settings(&[], &["auto.offset.reset=earliest"], from_beginning).is_ok());
}

#[test]
fn options_beat_properties_and_those_beat_the_file() {
    let level = |isolation_level| FromOptions { isolation_level, ..FromOptions::default() };
    let (committed, all) = ("isolation.level=read_committed", "isolation.level=read_uncommitted");
    let of = |file: &[&str], pairs: &[&str], option| {
        settings(file, pairs, level(option)).unwrap().committed_only
    };
    assert!(!of(&[], &[], None));
    assert!(of(&[committed], &[], None));
    assert!(!of(&[committed], &[all], None));
    assert!(of(&[all], &[all], Some("read_committed")));
    let error = simple(&["isolation.level=serializable"]).unwrap_err();
    assert!(error.starts_with("Invalid value serializable for configuration isolation.level"));
}

#[test]
fn sizes_and_counts_are_checked() {
    let found = simple(&[]).unwrap();
    assert_eq!((found.read_bytes, found.records_at_once), (1 << 20, None));
    let found = simple(&["max.partition.fetch.bytes=70", "fetch.max.bytes=50"]).unwrap();
    assert_eq!(found.read_bytes, 50);
    assert_eq!(simple(&["fetch.max.bytes=0"]).unwrap().read_bytes, 1);
    assert_eq!(simple(&["max.poll.records=7"]).unwrap().records_at_once, Some(7));
    for pair in [
        "max.poll.records=0",
        "max.poll.records=many",
        "fetch.max.bytes=-1",
        "fetch.max.bytes=2147483648",
        "check.crcs=perhaps",
        "enable.auto.commit=",
        "auto.commit.interval.ms=-1",
    ] {
        assert!(simple(&[pair]).unwrap_err().starts_with("Invalid value "), "{pair}");
    }
}

#[test]
fn a_members_times_fit_together_and_its_assignors_are_known() {
    let of = |pairs: &[&str]| {
        let all: Vec<&str> = pairs.iter().copied().chain(["group.id=g"]).collect();
        simple(&all).map(|settings| settings.group.unwrap())
    };
    let timing = of(&["session.timeout.ms=600", "max.poll.interval.ms=7"]).unwrap().timing;
    assert_eq!(timing.session_timeout_ms, 600);
    assert_eq!((timing.heartbeat_interval_ms, timing.max_poll_interval_ms), (200, 7));
    let error = of(&["session.timeout.ms=600", "heartbeat.interval.ms=600"]).unwrap_err();
    assert!(error.ends_with("which is 600"), "{error}");
    assert!(of(&["session.timeout.ms=0"]).is_err());
    let name = "partition.assignment.strategy";
    let class = format!("{name}= range,org.apache.kafka.clients.consumer.RangeAssignor");
    assert_eq!(of(&[&class]).unwrap().assignors, [Assignor::Range]);
    let error = of(&[&format!("{name}=mine")]).unwrap_err();
    assert!(error.contains("there is no assignor `mine`"), "{error}");
    assert!(of(&[&format!("{name}=,")]).is_err());
}
