//! `console-consumer`'s options against Kafka's own tests: sections 5, 6 and 29 of the conformance
//! vectors, each row by its number, and more rows of the same kind.

use std::fs;

use crate::world::{Ran, World};

/// What a row expects.
enum Expected {
    /// Status 0 and this on standard output.
    Prints(&'static str),
    /// Status 2 and a message that contains this.
    Refused(&'static str),
    /// Status 1 and a message that contains this.
    Fails(&'static str),
}

use Expected::{Fails, Prints, Refused};

const ALL: &str = "0\n1\n2\n3\n4\n";

/// Row, arguments, what is expected. `--topic /s:t` stands before them unless they name topics;
/// `W` is a wait that ends.
const ROWS: &[(&str, &str, Expected)] = &[
    ("5.1", "--from-beginning W", Prints(ALL)),
    ("5.3", "--partition 0 --offset 3 W", Prints("3\n4\n")),
    (
        "5.5",
        "--include test.* --partition 0",
        Refused("The topic is required when partition is specified."),
    ),
    (
        "5.5a",
        "--whitelist test.* --partition 0",
        Refused("The topic is required when partition is specified."),
    ),
    ("5.7", "--partition 0 --offset LatEst --formatter-property print.value=false W", Prints("")),
    ("5.7a", "--partition 0 --offset EARLIEST --max-messages 1", Prints("0\n")),
    ("5.9", "--command-property auto.offset.reset=earliest W", Prints(ALL)),
    ("5.9a", "--from-beginning --command-property auto.offset.reset=earliest W", Prints(ALL)),
    (
        "5.9b",
        "--from-beginning --command-property auto.offset.reset=latest",
        Refused(
            "Can't simultaneously specify --from-beginning and 'auto.offset.reset=latest', please remove one option",
        ),
    ),
    (
        "5.9c",
        "--from-beginning --command-property auto.offset.reset=none",
        Refused(
            "Can't simultaneously specify --from-beginning and 'auto.offset.reset=none', please remove one option",
        ),
    ),
    ("5.9d", "--partition 0 --command-property auto.offset.reset=earliest W", Prints("")),
    ("5.11", "W", Prints("")),
    ("5.13", "--command-config group1 --from-beginning W", Prints(ALL)),
    (
        "5.15",
        "--group test-group --command-property group.id=test-group --command-config test-group W",
        Prints(""),
    ),
    (
        "5.17",
        "--group a --command-property group.id=b",
        Refused(
            "(directly using '--group', via '--consumer-property', or via '--consumer.config') do not match. Detected group ids: 'a', 'b'",
        ),
    ),
    ("5.17a", "--group a --command-config group1", Refused("Detected group ids: 'a', 'group1'")),
    ("5.17b", "--command-property group.id=b --command-config group1", Refused("do not match")),
    ("5.19", "--group group-from-arguments W", Prints("")),
    ("5.23", "--group g W", Prints("")),
    ("5.23a", "--group g2 --from-beginning W", Prints(ALL)),
    ("5.25", "--offset 10", Refused("The partition is required when offset is specified.")),
    (
        "5.27",
        "--topic /s:t --include includeTest*",
        Refused("Exactly one of the following arguments is required: [topic], [include]"),
    ),
    (
        "5.27a",
        "--timeout-ms 1 --topic=/s:t --whitelist x",
        Refused("Exactly one of the following arguments is required: [topic], [include]"),
    ),
    (
        "5.27b",
        "--no-topic",
        Refused("Exactly one of the following arguments is required: [topic], [include]"),
    ),
    (
        "5.31",
        "--partition 0 --offset -100",
        Refused(
            "The provided offset value '-100' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.",
        ),
    ),
    (
        "5.31a",
        "--partition 0 --offset bad",
        Refused("The provided offset value 'bad' is incorrect."),
    ),
    ("5.33", "--partition 0 --from-beginning --max-messages 5", Prints(ALL)),
    ("5.35", "--timeout-ms 100 --from-beginning", Prints(ALL)),
    (
        "5.37",
        "--consumer-property a=b --command-property a=b",
        Refused("Options --consumer-property and --command-property cannot be specified together."),
    ),
    (
        "5.37a",
        "--consumer.config group1 --command-config group1",
        Refused("Options --consumer.config and --command-config cannot be specified together."),
    ),
    (
        "5.37b",
        "--property a=b --formatter-property a=b",
        Refused("Options --property and --formatter-property cannot be specified together."),
    ),
    // The order in which Kafka's tool looks.
    (
        "5.order1",
        "--partition 0 --offset 1 --from-beginning --command-property a=b --consumer-property a=b",
        Refused("Options from-beginning and offset cannot be specified together."),
    ),
    (
        "5.order2",
        "--group a --command-property group.id=b --consumer-property a=b",
        Refused("Options --consumer-property and"),
    ),
    ("5.order3", "--group a --command-property group.id=b --partition 0", Refused("do not match")),
    (
        "5.order4",
        "--group a --partition 0 --offset bad",
        Refused("Options group and partition cannot be specified together."),
    ),
    (
        "5.order5",
        "--command-property group.id=a --partition 0",
        Refused("Options group and partition cannot be specified together."),
    ),
    (
        "5.order6",
        "--command-config group1 --partition 0",
        Refused("Options group and partition cannot be specified together."),
    ),
    (
        "5.order7",
        "--partition 0 --offset bad --formatter x.Y",
        Refused("The provided offset value 'bad'"),
    ),
    ("5.order8", "--formatter x.Y --property a=b --formatter-property a=b", Refused("x.Y")),
    // joptsimple's rules.
    ("0.1a", "--topc /s:t", Refused("topc is not a recognized option")),
    (
        "0.1b",
        "--group a --group b",
        Refused("Found multiple arguments for option group, but you asked for only one"),
    ),
    ("0.1c", "--partition x", Refused("Cannot parse argument 'x' of option partition")),
    ("0.1d", "--timeout-ms 1s", Refused("Cannot parse argument '1s' of option timeout-ms")),
    ("0.1e", "--max-messages", Refused("Option max-messages requires an argument")),
    ("0.1f", "--from-beginning --from-beginning -timeout-ms 100", Prints(ALL)),
    ("0.1g", "--from-beg", Refused("from-beg is not a recognized option")),
    // Old names.
    ("0.2a", "--zookeeper localhost:2181/kafka --new-consumer --from-beginning W", Prints(ALL)),
    ("6.1", "--timeout-ms 1000 --from-beginning", Prints(ALL)),
    ("6.1a", "--timeout-ms -1 --from-beginning --max-messages 5", Prints(ALL)),
    ("6.3", "--from-beginning --max-messages 3", Prints("0\n1\n2\n")),
    ("6.3a", "--from-beginning --max-messages 0", Prints("")),
    ("6.3b", "--from-beginning --max-messages -7", Prints("")),
    ("6.3c", "--from-beginning --max-messages -1 W", Prints(ALL)),
    ("6.5", "--partition 0 W", Prints("")),
    ("6.7", "--partition 0 --offset earliest W", Prints(ALL)),
    // Formatters of Kafka's internal topics, which a stream does not have.
    (
        "6.9",
        "--formatter org.apache.kafka.tools.consumer.OffsetsMessageFormatter",
        Refused(
            "org.apache.kafka.tools.consumer.OffsetsMessageFormatter: there is no such formatter",
        ),
    ),
    (
        "6.11",
        "--formatter org.apache.kafka.tools.consumer.TransactionLogMessageFormatter",
        Refused("TransactionLogMessageFormatter: there is no such formatter"),
    ),
    ("29.1a", "--command-property auto.offset.reset=latest W", Prints("")),
    ("29.1b", "--command-property auto.offset.reset=by_duration:PT1H W", Prints(ALL)),
    ("29.1c", "--command-property auto.offset.reset=by_duration:P2D W", Prints(ALL)),
    ("29.1d", "--command-property auto.offset.reset=by_duration:PT0S W", Prints("")),
    (
        "29.1e",
        "--command-property auto.offset.reset=none W",
        Fails("Undefined offset with no reset policy"),
    ),
    (
        "29.3a",
        "--command-property auto.offset.reset=LATEST",
        Refused("Invalid value LATEST for configuration auto.offset.reset"),
    ),
    ("29.3b", "--command-property auto.offset.reset=EARLIEST", Refused("auto.offset.reset")),
    ("29.3c", "--command-property auto.offset.reset=NONE", Refused("auto.offset.reset")),
    ("29.3d", "--command-property auto.offset.reset=", Refused("auto.offset.reset")),
    (
        "29.3e",
        "--command-property auto.offset.reset=by_duration:-PT1H",
        Refused("Negative duration"),
    ),
    ("29.5", "--group d --command-property auto.offset.reset=by_duration:PT1H W", Prints(ALL)),
    // Settings that act, and those that do not.
    ("2.3a", "--from-beginning --command-property max.poll.records=2 W", Prints(ALL)),
    (
        "2.3b",
        "--from-beginning --command-property max.poll.records=2 --max-messages 3",
        Prints("0\n1\n2\n"),
    ),
    ("2.3c", "--from-beginning --command-property max.partition.fetch.bytes=1 W", Prints(ALL)),
    ("2.3d", "--from-beginning --command-property check.crcs=false W", Prints(ALL)),
    (
        "2.3e",
        "--command-property max.poll.records=0",
        Refused("Invalid value 0 for configuration max.poll.records"),
    ),
    ("2.3f", "--isolation-level read_committed --from-beginning W", Prints(ALL)),
    (
        "2.3g",
        "--isolation-level committed",
        Refused("Invalid value committed for configuration isolation.level"),
    ),
    (
        "2.3h",
        "--command-property isolation.level=x --isolation-level read_uncommitted --max-messages 0",
        Prints(""),
    ),
    (
        "2.3i",
        "--command-property session.timeout.ms=9 --command-property ssl.protocol=x --max-messages 0",
        Prints(""),
    ),
    (
        "2.1",
        "--enable-systest-events --from-beginning --max-messages 1",
        Prints("0\nshutdown_complete\n"),
    ),
    ("2.1a", "--command-config nowhere", Fails("cannot read `nowhere` of --command-config")),
    ("2.1b", "--formatter-config nowhere", Fails("cannot read `nowhere` of --formatter-config")),
];

fn world() -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s"], "").ok());
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", "1"], "").ok());
    drop(world.run("console-producer", ["--topic", "/s:t"], ALL).ok());
    fs::write(world.dir().join("group1"), "request.timeout.ms=1000\ngroup.id : group1\n").unwrap();
    fs::write(world.dir().join("test-group"), "# a group\ngroup.id=test-\\\n  group\n").unwrap();
    world
}

fn run(world: &World, arguments: &str) -> Ran {
    let names_none = arguments.contains("--no-topic");
    let names_topics =
        ["--topic", "--include", "--whitelist"].iter().any(|n| arguments.contains(n));
    let front = if names_none || names_topics { "" } else { "--topic /s:t " };
    let line = format!("--bootstrap-server localhost:9092 {front}{arguments}");
    let line = line.replace(" W", " --timeout-ms 100").replace("--no-topic", "");
    world.run("console-consumer", line.split_whitespace(), "")
}

fn check(row: &str, arguments: &str, expected: &Expected, ran: &Ran) {
    let told = ran.told();
    let (status, text) = match expected {
        Prints(text) => (0, *text),
        Refused(text) => (2, *text),
        Fails(text) => (1, *text),
    };
    assert_eq!(ran.code(), Some(status), "row {row}: {arguments}: {told}");
    match expected {
        Prints(text) => {
            assert_eq!(ran.stdout(), *text, "row {row}: {arguments}: {told}");
            let count = text.lines().filter(|line| *line != "shutdown_complete").count();
            let total = format!("Processed a total of {count} messages");
            // A column-less record is counted all the same.
            let is_last = ran.stderr().lines().last().is_some_and(|last| last == total);
            assert!(is_last || arguments.contains("print.value=false"), "row {row}: {told}");
        }
        Refused(_) | Fails(_) => {
            assert!(ran.stderr().contains(text), "row {row}: {arguments}: {told}");
            assert_eq!(ran.stdout(), "", "row {row}: {told}");
        }
    }
}

#[test]
fn sections_5_6_and_29_row_by_row() {
    let shared = world();
    for (row, arguments, expected) in ROWS {
        // Groups leave something behind.
        let own = arguments.contains("group").then(world);
        check(row, arguments, expected, &run(own.as_ref().unwrap_or(&shared), arguments));
    }
}

/// "Every row exists for the old names too", with a notice for each on standard error.
#[test]
fn section_5_in_the_old_spelling() {
    let spellings = [
        ("--command-property", "--consumer-property"),
        ("--command-config", "--consumer.config"),
        ("--formatter-property", "--property"),
    ];
    let world = world();
    let mut tried = 0;
    for (row, arguments, expected) in ROWS {
        // What remembers groups was seen above, and pairs of spellings have no older form.
        let is_pair = spellings.iter().any(|(_, old)| arguments.contains(old));
        let (new, _) = spellings[0];
        if is_pair || (arguments.contains("group") && matches!(expected, Prints(_))) {
            continue;
        }
        let mut old_arguments = (*arguments).to_owned();
        for (new, old) in spellings {
            old_arguments = old_arguments.replace(new, old);
        }
        if old_arguments == *arguments {
            continue;
        }
        let expected = match expected {
            Fails("cannot read `nowhere` of --command-config") => {
                &Fails("cannot read `nowhere` of --consumer.config")
            }
            other => other,
        };
        let ran = run(&world, &old_arguments);
        let notice = "Option --consumer-property is deprecated and will be removed in a future \
                      version. Use --command-property instead.";
        if arguments.contains(new) {
            assert!(ran.stderr().lines().any(|line| line == notice), "row {row}: {}", ran.told());
        }
        check(row, &old_arguments, expected, &ran);
        tried += 1;
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn rows_5_13_to_5_19_name_the_group_that_has_the_cursor() {
    for (row, arguments, group) in [
        ("5.13", "--command-config group1", "group1"),
        ("5.15", "--group test-group --command-config test-group", "test-group"),
        ("5.19", "--group group-from-arguments", "group-from-arguments"),
        ("5.19a", "--command-property group.id=from-property", "from-property"),
    ] {
        let world = world();
        drop(run(&world, &format!("{arguments} --from-beginning --max-messages 2")).ok());
        let list = ["stream", "cursor", "list", "-path", "/s", "-format", "jsonl"];
        let cursors = world.run("streamctl", list, "").ok().stdout();
        assert!(cursors.contains(&format!("\"{group}\"")), "row {row}: {cursors}");
        let rest = run(&world, &format!("{arguments} W")).ok().stdout();
        assert_eq!(rest, "2\n3\n4\n", "row {row}");
    }
}

#[test]
fn row_5_21_the_formatters_file_and_pairs() {
    let world = world();
    let line = "--topic /s:t --reader-property parse.key=true";
    drop(world.run("console-producer", line.split(' '), b"\xe9\tv\n").ok());
    let class = "org.apache.kafka.common.serialization.StringDeserializer";
    let config = "key.deserializer.deserializer.encoding=ISO-8859-1\nprint.key=false\n\
                  key.separator=\\u0020\\t\n";
    fs::write(world.dir().join("formatter"), config).unwrap();
    let line = format!(
        "--from -1 --until end --formatter-config formatter --formatter-property print.key=true \
         --formatter-property key.deserializer={class}"
    );
    assert_eq!(run(&world, &line).ok().stdout(), "é \tv\n", "5.21");
    // The option beats the property, the property beats the file.
    fs::write(world.dir().join("formatter"), "value.deserializer=a.B\nprint.key=true\n").unwrap();
    let line = format!(
        "--from -1 --until end --formatter-config formatter --formatter-property \
         value.deserializer=c.D --formatter-property print.key=no --value-deserializer {class}"
    );
    assert_eq!(run(&world, &line).ok().stdout(), "v\n");
}

#[test]
fn row_5_29_the_client_has_a_name() {
    for (row, more, client) in [
        ("5.29", vec![], "console-consumer"),
        ("5.29a", vec!["--command-property", "client.id=me"], "me"),
    ] {
        let world = world();
        let line = ["--topic", "/s:t", "--group", "g", "--from-beginning"];
        let consumer = world.start("console-consumer", line.into_iter().chain(more));
        consumer.wait_for_lines(5);
        let list = ["stream", "assign", "list", "-path", "/s", "-detail", "-json"];
        let members = world.run("streamctl", list, "").ok().stdout();
        assert!(members.contains(&format!("\"{client}\"")), "row {row}: {members}");
        drop(consumer.kill());
    }
}

#[test]
fn properties_that_nobody_has_are_named() {
    let world = world();
    let ran = run(&world, "--command-property grup.id=g --max-messages 0").ends(0);
    assert!(ran.stderr().contains("property `grup.id` is not used"), "{}", ran.stderr());
}

#[test]
fn explain_options_tells_of_each_and_of_what_is_set() {
    let world = world();
    let line = "--explain-options --command-property ssl.protocol=x --command-config group1 \
                --formatter-property print.key=true";
    let told = world.run("console-consumer", line.split_whitespace(), "").ok().stdout();
    let has = |start: &str, word: &str| {
        let found = told.lines().any(|line| {
            line.strip_prefix(start).is_some_and(|rest| rest.trim_start().starts_with(word))
        });
        assert!(found, "{start}: {word}: {told}");
    };
    has("--isolation-level ", "acts: ");
    has("--new-consumer ", "no effect: ");
    has("auto.offset.reset ", "acts: ");
    has("fetch.min.bytes ", "no effect: ");
    has("null.literal ", "acts: ");
    has("ssl.protocol=x ", "no effect");
    has("group.id=group1 ", "acts");
    has("print.key=true ", "acts");
    // Every option of the help is there.
    let help = world.run("console-consumer", ["--help"], "").ok().stdout();
    for line in help.lines() {
        let words = line.split_whitespace().find(|word| word.starts_with("--"));
        if let Some(option) =
            words.filter(|_| line.starts_with("      --") || line.starts_with("  -"))
        {
            has(&format!("{option} "), "");
        }
    }
}
