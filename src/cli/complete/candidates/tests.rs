//! Tests of what is offered, on the real definitions and an invented store.

use proptest::prelude::*;

use super::{Completion, complete};
use crate::cli::Program;
use crate::cli::complete::command_line::split;
use crate::cli::complete::names::Names;
use crate::store::StoreEntry;

/// `/apps/gps`, `/sample-stream` with two topics, `/kafka` with one.
struct Invented;

impl Names for Invented {
    fn entries(&self, directory: &str, prefix: &str) -> Vec<StoreEntry> {
        let found: &[(&str, bool)] = match directory {
            "" => &[("apps", false), ("kafka", true), ("sample-stream", true)],
            "/apps" => &[("gps", true)],
            _ => &[],
        };
        let entry =
            |&(name, is_stream): &(&str, bool)| StoreEntry { name: name.to_owned(), is_stream };
        found.iter().map(entry).filter(|entry| entry.name.starts_with(prefix)).collect()
    }

    fn topics(&self, stream: &str) -> Vec<String> {
        let found: &[&str] = match stream {
            "/sample-stream" => &["fast-messages", "slow"],
            "/kafka" => &["plain"],
            _ => &[],
        };
        found.iter().map(ToString::to_string).collect()
    }

    fn groups(&self, stream: &str) -> Vec<String> {
        let found: &[&str] = match stream {
            "/sample-stream" => &["graphs", "reports"],
            "/kafka" => &["plain-group"],
            _ => &[],
        };
        found.iter().map(ToString::to_string).collect()
    }

    fn partitions(&self, stream: &str, topic: &str) -> u32 {
        if (stream, topic) == ("/sample-stream", "fast-messages") { 3 } else { 0 }
    }

    fn default_stream(&self) -> String {
        "/kafka".to_owned()
    }
}

fn completed(line: &str) -> Completion {
    let line = split(line);
    let is_named = |program: &Program| program.name() == line.before[0];
    let program = Program::ALL.into_iter().find(is_named).unwrap();
    let mut command = program.command();
    command.build();
    complete(&command, program.spelling(), &line.before[1..], &line.word, &Invented)
}

fn offered(line: &str) -> Vec<String> {
    match completed(line) {
        Completion::Words(words) => words.into_iter().map(|word| word.text).collect(),
        Completion::Directories => panic!("`{line}` is completed by the shell"),
    }
}

const NONE: [&str; 0] = [];

#[test]
fn commands_are_offered_where_they_may_stand() {
    assert_eq!(offered("streamctl "), ["stream", "group", "links", "errors", "store", "help"]);
    assert_eq!(offered("streamctl st"), ["stream", "store"]);
    assert_eq!(offered("streamctl stream cr"), ["create"]);
    assert_eq!(offered("streamctl -json stream topic d"), ["describe", "delete"]);
    assert_eq!(offered("streamctl -format json stream topic del"), ["delete"]);
    assert_eq!(offered("streamctl help stream topic del"), ["delete"]);
    assert_eq!(offered("streamctl to"), ["topic"], "`stream` may be left out");
    assert_eq!(offered("streamctl topic cr"), ["create"]);
    assert_eq!(offered("streamctl nonsense st"), NONE);
}

#[test]
fn options_are_offered_as_the_user_spells_them() {
    assert_eq!(offered("streamctl stream create -pa"), ["-path"]);
    assert_eq!(offered("streamctl stream create --pa"), ["--path"]);
    assert_eq!(offered("streamctl topic list -he"), ["-help"]);
    let all = offered("streamctl topic list -");
    assert!(all.contains(&"-path".to_owned()) && all.contains(&"--color".to_owned()), "{all:?}");
    assert_eq!(offered("console-producer --to"), ["--topic"]);
    assert_eq!(offered("console-producer -to"), ["-topic"]);
    assert!(offered("console-producer -").iter().all(|option| option.starts_with("--")));
    assert_eq!(offered("streamctl topic list -path /s -pa"), NONE, "it was given");
    let again = offered("console-producer --property a=b --prop");
    assert_eq!(again, ["--property"], "it may be given again");
    assert_eq!(offered("streamctl topic list -- -pa"), NONE);
}

#[test]
fn values_are_offered_behind_their_option() {
    assert_eq!(offered("streamctl -format js"), ["json", "jsonl"]);
    assert_eq!(offered("streamctl -format=js"), ["-format=json", "-format=jsonl"]);
    assert_eq!(offered("streamctl --format=ta"), ["--format=table"]);
    assert_eq!(offered("streamctl stream create -autocreate "), ["true", "false"]);
    assert_eq!(offered("streamctl stream create -compression l"), ["lz4", "lzf"]);
    assert_eq!(offered("console-producer --compression-codec z"), ["zstd"]);
    assert_eq!(offered("console-producer --compression-codec --syn"), ["--sync"]);
    assert_eq!(offered("console-producer --request-required-acks "), ["0", "1", "-1", "all"]);
    assert_eq!(offered("console-consumer --from b"), ["beginning"]);
    assert_eq!(offered("console-consumer --until @t"), ["@today"]);
    assert_eq!(offered("console-consumer --offset e"), ["earliest"]);
    assert_eq!(offered("console-consumer --property print.k"), ["print.key="]);
    assert_eq!(offered("console-consumer --property print.key=t"), ["print.key=true"]);
    assert_eq!(offered("console-producer --reader-property parse.k"), ["parse.key="]);
    assert_eq!(offered("console-producer --property parse.k"), ["parse.key="]);
    assert_eq!(
        offered("console-producer --reader-property charset="),
        ["charset=bytes", "charset=utf8-lossy"]
    );
    assert_eq!(
        offered("console-producer --command-property compression.type=z"),
        ["compression.type=zstd"]
    );
    assert_eq!(offered("console-consumer --consumer-property iso"), ["isolation.level="]);
    let committed = ["isolation.level=read_committed"];
    assert_eq!(offered("console-consumer --command-property isolation.level=read_c"), committed);
    assert_eq!(offered("console-consumer --command-property ssl"), NONE, "without effect");
    assert_eq!(
        offered("console-consumer --isolation-level "),
        ["read_committed", "read_uncommitted"]
    );
    assert_eq!(offered("console-consumer --order t"), ["time"]);
    for program in ["console-consumer", "console-producer"] {
        assert_eq!(offered(&format!("{program} --pace ")), ["original"]);
        assert_eq!(offered(&format!("{program} --on-error s")), ["stop", "skip"]);
        assert_eq!(offered(&format!("{program} --format js")), ["json"]);
    }
    let package = "org.apache.kafka.common.serialization";
    let long = format!("{package}.LongDeserializer");
    assert_eq!(
        offered(&format!("console-consumer --key-deserializer {package}.Lo")),
        [long.as_str()]
    );
    let pair = format!("key.deserializer={long}");
    let typed = format!("console-consumer --formatter-property key.deserializer={package}.Lo");
    assert_eq!(offered(&typed), [pair.as_str()]);
    let formatter = "org.apache.kafka.tools.consumer.NoOpMessageFormatter";
    assert_eq!(
        offered("console-consumer --formatter org.apache.kafka.tools.consumer.N"),
        [formatter]
    );
    assert_eq!(
        offered("console-producer --line-reader org"),
        ["org.apache.kafka.tools.LineMessageReader"]
    );
    assert_eq!(offered("streamctl stream create -ttl "), NONE);
    assert_eq!(completed("streamctl links "), Completion::Directories);
}

#[test]
fn streams_are_offered_one_directory_at_a_time() {
    let top = ["/apps/", "/kafka", "/sample-stream"];
    assert_eq!(offered("streamctl stream info "), top);
    assert_eq!(offered("streamctl stream info -path "), top);
    assert_eq!(offered("streamctl stream info /sa"), ["/sample-stream"]);
    assert_eq!(offered("streamctl stream info --path=/sa"), ["--path=/sample-stream"]);
    assert_eq!(offered("streamctl stream list /apps/"), ["/apps/gps"]);
    assert_eq!(offered("streamctl stream info sa"), NONE);
    assert_eq!(offered("streamctl stream info -path /kafka /"), NONE, "it is named already");
}

#[test]
fn topics_are_offered_behind_their_stream() {
    assert_eq!(offered("console-producer --topic /sa"), ["/sample-stream:"]);
    assert_eq!(
        offered("console-producer --topic /sample-stream:f"),
        ["/sample-stream:fast-messages"]
    );
    assert_eq!(
        offered("console-producer --topic=/sample-stream:f"),
        ["--topic=/sample-stream:fast-messages"]
    );
    assert_eq!(offered("console-consumer /sample-stream:s"), ["/sample-stream:slow"]);
    assert_eq!(offered("console-consumer --topic p"), ["plain"]);
    assert_eq!(offered("console-consumer --bootstrap-server x:1 pl"), ["plain"]);
    assert_eq!(
        offered("streamctl topic info /sample-stream:"),
        ["/sample-stream:fast-messages", "/sample-stream:slow"]
    );
    assert_eq!(offered("streamctl topic info -path /sample-stream -topic s"), ["slow"]);
    assert_eq!(offered("streamctl topic info -topic "), NONE, "of which stream?");
}

#[test]
fn partitions_are_offered_of_the_topic_that_is_named() {
    for topic in ["--topic /sample-stream:fast-messages", "/sample-stream:fast-messages"] {
        assert_eq!(offered(&format!("console-consumer {topic} --partition ")), ["0", "1", "2"]);
    }
    assert_eq!(offered("console-consumer --topic /sample-stream:slow --partition "), NONE);
    assert_eq!(offered("console-consumer --partition "), NONE);
}

#[test]
fn groups_are_offered_of_the_stream_that_is_named() {
    for verb in ["list", "delete", "set", "list -path /sample-stream -topic slow"] {
        let line = format!("streamctl cursor {verb} /sample-stream -consumergroup ");
        assert_eq!(offered(&line), ["graphs", "reports"], "{line}");
    }
    assert_eq!(offered("streamctl assign list -path /sample-stream -consumergroup r"), ["reports"]);
    assert_eq!(offered("streamctl cursor list -consumergroup "), NONE, "of which stream?");
    assert_eq!(offered("console-consumer --topic /sample-stream:slow --group g"), ["graphs"]);
    assert_eq!(
        offered("console-consumer --topic /sample-stream:slow --group=g"),
        ["--group=graphs"]
    );
    assert_eq!(offered("console-consumer --topic plain --group "), ["plain-group"]);
    assert_eq!(offered("console-consumer --group "), NONE);
    assert_eq!(offered("streamctl group delete -consumergroup "), ["plain-group"]);
    assert_eq!(offered("streamctl group describe /sample-stream -group r"), ["reports"]);
    assert_eq!(offered("kafka-consumer-groups --describe --group "), ["plain-group"]);
    let in_a_stream = offered("kafka-consumer-groups --describe --group /sample-stream:r");
    assert_eq!(in_a_stream, ["/sample-stream:reports"]);
    assert_eq!(offered("kafka-consumer-groups --list --group /sam"), ["/sample-stream:"]);
    assert_eq!(offered("kafka-consumer-groups --topic /sample-stream:sl"), ["/sample-stream:slow"]);
    assert_eq!(offered("kafka-consumer-groups --list --type "), ["consumer"]);
    assert_eq!(offered("streamctl cursor set -to b"), ["beginning"]);
}

proptest! {
    /// Whatever is typed: no panic, and what is offered begins with what is typed.
    #[test]
    fn what_is_offered_continues_what_is_typed(
        program in prop_oneof![Just("streamctl"), Just("console-producer"), Just("console-consumer")],
        words in proptest::collection::vec(prop_oneof![
            Just("stream".to_owned()), Just("topic".to_owned()), Just("list".to_owned()),
            Just("-path".to_owned()), Just("--topic=/sample-stream:f".to_owned()),
            Just("--".to_owned()), Just("/".to_owned()), "-{0,2}[a-z=]{0,3}", "[^ ]{0,5}",
        ], 0..6))
    {
        let line = format!("{program} {}", words.join(" "));
        let word = split(&line).word;
        if let Completion::Words(found) = completed(&line) {
            for candidate in found {
                prop_assert!(candidate.text.starts_with(&word), "{candidate:?} for {line}");
            }
        }
    }
}
