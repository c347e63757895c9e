//! `kafka-consumer-groups` against Kafka's own tests: sections 19 to 22 of the conformance vectors,
//! each row by its number, and more rows of the same kind; and what is ours: streams and statuses.

use std::fs;
use std::process::Command;

use crate::world::{Ran, Running, World, eventually, run_command};

/// 2023-11-14T22:13:20Z.
const NOW: i64 = 1_700_000_000_000;

fn at(mut command: Command, ms: i64) -> Command {
    command.env("STREAMPATH_NOW", format!("@{ms}"));
    command
}

fn run(world: &World, line: &str) -> Ran {
    run_command(at(world.command("kafka-consumer-groups", line.split_whitespace()), NOW), "")
}

#[track_caller]
fn ok(world: &World, line: &str) -> String {
    run(world, line).ends(0).stdout()
}

/// The lines of a table, split at blanks.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

fn produce(world: &World, topic: &str, count: usize, ms: i64) {
    let input: String = (0..count).map(|number| format!("{number}\n")).collect();
    let line = format!("--topic {topic} --partition 0");
    let producer = world.command("console-producer", line.split_whitespace());
    run_command(at(producer, ms), input).ok();
}

/// Lets a group read a topic to its end.
fn consume(world: &World, topic: &str, group: &str) {
    let line = format!(
        "--topic {topic} --group {group} --until end --command-property auto.offset.reset=earliest"
    );
    let consumer = world.command("console-consumer", line.split_whitespace());
    run_command(at(consumer, NOW), "").ok();
}

/// Starts a member of a group and waits until it is one.
fn join(world: &World, topic: &str, group: &str) -> Running {
    let member = world.command("console-consumer", ["--topic", topic, "--group", group]);
    let member = Running::start(at(member, NOW));
    eventually("the group is stable", || {
        let line = format!("--describe --state --group {group}");
        let ran = run(world, &line);
        ran.code() == Some(0) && ran.stdout().contains(" Stable ")
    });
    member
}

/// Topic `t` of the plain names with so many messages in partition 0, all of them read by `g`.
fn world(messages: usize) -> World {
    let world = World::new();
    produce(&world, "t", messages, NOW - 60_000);
    consume(&world, "t", "g");
    world
}

/// Where `g` reads on in partition 0 of `t`.
fn committed(world: &World) -> String {
    let text = ok(world, "--describe --group g");
    rows(&text).into_iter().nth(1).unwrap().into_iter().nth(3).unwrap()
}

#[test]
fn section_19_list() {
    let world = world(1);
    produce(&world, "u", 1, NOW);
    let _member = join(&world, "u", "p");
    assert_eq!(ok(&world, "--list"), "g\np\n");
    assert_eq!(ok(&world, "--bootstrap-server localhost:9092 --list"), "g\np\n");
    let name = |name: &str| format!("{name:25}");
    let wide = |word: &str| format!(" {word:20}");
    let expected = [("GROUP", "STATE"), ("g", "Empty"), ("p", "Stable")]
        .map(|(group, state)| name(group) + &wide(state) + "\n")
        .concat();
    assert_eq!(ok(&world, "--list --state"), expected, "19.9");
    let expected =
        [("GROUP", "TYPE", "STATE"), ("g", "Consumer", "Empty"), ("p", "Consumer", "Stable")]
            .map(|(group, kind, state)| name(group) + &wide(kind) + &wide(state) + "\n")
            .concat();
    assert_eq!(ok(&world, "--list --type --state"), expected, "19.11");
    assert_eq!(rows(&ok(&world, "--list --type classic")), [["GROUP", "TYPE"]], "19.13");
    let both = [["GROUP", "TYPE"], ["g", "Consumer"], ["p", "Consumer"]];
    assert_eq!(rows(&ok(&world, "--list --type Consumer")), both, "19.13");
    let stable = [["GROUP", "TYPE", "STATE"], ["p", "Consumer", "Stable"]];
    assert_eq!(rows(&ok(&world, "--list --type consumer --state Stable")), stable, "19.15");
    assert_eq!(rows(&ok(&world, "--list --state empty,dead,")).len(), 2, "19.3");
    for (line, text) in [
        ("--list --state bad", "Invalid state list 'bad'. Valid states are: "),
        ("--list --state bad,Stable", "Invalid state list 'bad,Stable'. Valid states are: "),
        ("--list --type Share", "Invalid types list 'Share'. Valid types are: Classic, Consumer"),
        ("--list --type streams", "Invalid types list 'streams'. Valid types are: "),
    ] {
        let stderr = run(&world, line).fails(2).stderr();
        assert!(stderr.contains(text), "19.5, 19.7: {stderr}");
    }
}

#[test]
fn section_19_expressions() {
    let world = World::new();
    let valid = "The regular expression `foo.*` is valid.\n";
    assert_eq!(ok(&world, "--validate-regex foo.*"), valid, "19.17");
    let ran = run(&world, "--validate-regex [foo.*").ends(6);
    let invalid = "The regular expression `[foo.*` is invalid: missing closing ].\n";
    assert_eq!(ran.stdout(), invalid, "19.17");
    assert!(!world.store().exists(), "an expression needs no store");
}

#[test]
fn section_20_describe() {
    let world = world(1);
    let headings =
        "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID";
    for kind in ["", "--offsets"] {
        let ran = run(&world, &format!("--describe --group g {kind}")).ends(0);
        let found = rows(&ran.stdout());
        assert_eq!(found[0].join(" "), headings, "20.1");
        assert_eq!(found[1].join(" "), "g t 0 1 1 0 - - -", "20.1");
        assert_eq!(ran.stderr(), "\nConsumer group 'g' has no active members.\n", "20.1");
    }
    let exact = format!(
        "\n{:15} {:15} {:10} {:15} {:15} {:15} {:15} {:15} CLIENT-ID\
         \n{:15} {:15} {:10} {:15} {:15} {:15} {:15} {:15} -\n",
        "GROUP",
        "TOPIC",
        "PARTITION",
        "CURRENT-OFFSET",
        "LOG-END-OFFSET",
        "LAG",
        "CONSUMER-ID",
        "HOST",
        "g",
        "t",
        "0",
        "1",
        "1",
        "0",
        "-",
        "-"
    );
    assert_eq!(ok(&world, "--describe --group g"), exact);
    let verbose = rows(&ok(&world, "--describe --group g --verbose"));
    assert_eq!(verbose[0][3], "LEADER-EPOCH");
    assert_eq!(verbose[1][4], "1");
    let none = run(&world, "--describe --group g --members").ends(0);
    assert_eq!(none.stdout(), "");
    assert_eq!(none.stderr(), "\nConsumer group 'g' has no active members.\n");

    let member = join(&world, "t", "g");
    let found = rows(&ok(&world, "--describe --group g"));
    assert_eq!(found[1][..6].join(" "), "g t 0 1 1 0", "20.1");
    assert_eq!(found[1][7..].join(" "), "/127.0.0.1 console-consumer", "20.1");
    let id = &found[1][6];
    assert!(id.starts_with("console-consumer-") && id.len() == 53, "{id}");
    let ran = run(&world, "--describe --all-groups --members").ends(0);
    let found = rows(&ran.stdout());
    assert_eq!(found[0].join(" "), "GROUP CONSUMER-ID HOST CLIENT-ID #PARTITIONS", "20.3");
    let expected = format!("g {id} /127.0.0.1 console-consumer 1");
    assert_eq!(found[1].join(" "), expected, "20.3");
    assert_eq!(ran.stderr(), "");
    let found = rows(&ok(&world, "--describe --group g --members --verbose"));
    assert_eq!(
        found[0][4..].join(" "),
        "#PARTITIONS CURRENT-EPOCH CURRENT-ASSIGNMENT TARGET-EPOCH TARGET-ASSIGNMENT"
    );
    let members = found[1][4..].join(" ");
    assert_eq!(members, format!("1 {0} t:0 {0} t:0", found[1][5]));
    let epoch = found[1][5].parse::<i64>().unwrap();
    let found = rows(&ok(&world, "--describe --group g --state"));
    assert_eq!(found[0].join(" "), "GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS");
    assert_eq!(found[1].join(" "), "g localhost:0 (0) range Stable 1");
    let found = rows(&ok(&world, "--describe --group g --state --verbose"));
    let columns = "STATE GROUP-EPOCH TARGET-ASSIGNMENT-EPOCH #MEMBERS";
    assert_eq!(found[0][4..].join(" "), columns, "20.7");
    assert_eq!(found[1][4..].join(" "), format!("Stable {epoch} {epoch} 1"), "20.7");
    drop(member.kill());
}

#[test]
fn section_20_refusals() {
    let world = world(1);
    let ran = run(&world, "--describe --group missing.group").fails(3);
    assert!(ran.stderr().contains("Group missing.group not found."), "20.11: {}", ran.stderr());
    let ran = run(&world, "--describe --group g --group missing.group").ends(1);
    assert!(ran.stdout().contains("\ng "), "the other one is described: {}", ran.stdout());
    let version = ok(&world, "--version");
    assert!(version.starts_with("kafka-consumer-groups ") && version.ends_with('\n'), "20.15");
    for (line, text) in [
        (
            "--describe --all-groups --state Stable",
            "Option [describe] does not take a value for [state]",
        ),
        (
            "--describe --group g --members --state",
            "Option [describe] takes at most one of these options: [members], [offsets], [state]",
        ),
        ("--describe", "Option [describe] takes one of these options: [group], [all-groups]"),
        ("--delete", "Option [delete] takes one of these options: [group], [all-groups]"),
        ("--delete --group g --topic", "Option topic requires an argument"),
        (
            "--delete --group g --topic t",
            "The consumer does not support topic-specific offset deletion from a consumer group.",
        ),
        (
            "--delete-offsets --group g",
            "Option [delete-offsets] takes the following options: [group], [topic]",
        ),
        (
            "--group g",
            "Command must include exactly one action: --list, --describe, --delete, \
             --reset-offsets, --delete-offsets, --validate-regex",
        ),
        ("--list --describe --group g", "Command must include exactly one action: "),
        ("--list --group g", "Option \"[group]\" can't be used with option \"[list]\""),
        (
            "--describe --group g --all-groups",
            "Option \"[group]\" can't be used with option \"[all-groups]\"",
        ),
        (
            "--describe --group g --topic t",
            "Option \"[topic]\" can't be used with option \"[describe]\"",
        ),
        ("--list --bootstrap-server localhost", "Please provide valid host:port like "),
        ("--list --no-such-option", "no-such-option is not a recognized option"),
    ] {
        let stderr = run(&world, line).fails(2).stderr();
        assert!(stderr.contains(text), "{line}: {stderr}");
    }
    let ran = run(&world, "--list --bootstrap-server far.example:9092").fails(1);
    assert!(ran.stderr().contains("cannot be reached"), "{}", ran.stderr());
}

#[test]
fn section_21_goals() {
    let world = world(100);
    let reset = |line: &str| {
        let ran = run(&world, &format!("--reset-offsets --group g --topic t {line}")).ends(0);
        let found = rows(&ran.stdout());
        assert_eq!(found[0].join(" "), "GROUP TOPIC PARTITION NEW-OFFSET");
        assert_eq!(found[1][..3].join(" "), "g t 0");
        (found[1][3].clone(), ran.stderr())
    };
    let (offset, warning) = reset("--to-offset 50");
    assert_eq!(offset, "50", "21.1");
    assert!(
        warning
            .starts_with("WARN: No action will be performed as the --execute option is missing."),
        "21.1: {warning}"
    );
    assert_eq!(reset("--to-offset 50 --dry-run"), ("50".to_owned(), String::new()), "21.1");
    assert_eq!(committed(&world), "100", "21.1");
    let exact = "\nGROUP           TOPIC           PARTITION  NEW-OFFSET\
                 \ng               t               0          50\n";
    let line = "--reset-offsets --group g --topic t --to-offset 50 --dry-run";
    assert_eq!(ok(&world, line), exact);

    let execute = |line: &str| {
        let planned = reset(&format!("{line} --execute")).0;
        assert_eq!(committed(&world), planned, "{line}");
        planned
    };
    assert_eq!(execute("--by-duration PT0.1S"), "100", "21.7");
    assert_eq!(execute("--by-duration PT2M"), "0");
    assert_eq!(execute("--to-latest"), "100");
    assert_eq!(execute("--to-earliest"), "0", "21.9");
    assert_eq!(execute("--to-offset 100"), "100");
    // 100 more.
    produce(&world, "t", 100, NOW - 1000);
    assert_eq!(execute("--to-current"), "100", "21.11");
    assert_eq!(execute("--shift-by 50"), "150", "21.13");
    assert_eq!(execute("--shift-by -150"), "0", "21.15");
    assert_eq!(execute("--to-datetime 2023-11-14T22:13:00.000"), "100", "21.5");
    assert_eq!(execute("--to-datetime 2023-11-15T00:13:00.000+02:00"), "100", "21.5");
    assert_eq!(execute("--to-datetime 2023-11-14T22:12:20.001Z"), "100", "21.5");
    assert_eq!(execute("--to-datetime 2023-11-14T22:12:20.000Z"), "0", "21.5");

    let (offset, warning) = reset("--to-datetime 2030-01-01T00:00:00.000 --execute");
    assert_eq!(offset, "200");
    let empty = "\nWarn: Partition 0 from topic t is empty. Falling back to latest known offset.\n";
    assert_eq!(warning, empty);
    let (offset, warning) = reset("--to-offset 1000 --dry-run");
    assert_eq!(offset, "200");
    let higher = "WARN New offset (1000) is higher than latest offset for topic partition t-0. \
                  Value will be set to 200.\n";
    assert_eq!(warning, higher);
    assert!(reset("--shift-by -1000 --dry-run").1.contains("is lower than earliest offset"));
}

#[test]
fn section_21_scopes() {
    let world = World::new();
    for topic in ["t", "u"] {
        ctl(&world, &format!("topic create -path /kafka -topic {topic} -partitions 2"));
        produce(&world, topic, 100, NOW - 60_000);
        consume(&world, topic, "g");
        consume(&world, topic, "h");
    }
    let found = ok(&world, "--reset-offsets --all-groups --all-topics --to-offset 50 --execute");
    let found = rows(&found);
    let lines: Vec<String> = found.iter().skip(1).map(|row| row.join(" ")).collect();
    let expected = [
        "g t 0 50", "g t 1 0", "g u 0 50", "g u 1 0", "h t 0 50", "h t 1 0", "h u 0 50", "h u 1 0",
    ];
    assert_eq!(lines, expected, "21.3");
    let line = "--reset-offsets --group g --topic t:1 --to-earliest --execute";
    assert_eq!(rows(&ok(&world, line))[1..], [["g", "t", "1", "0"]], "21.17");
    assert_eq!(rows(&ok(&world, "--describe --group g"))[1][3], "50", "21.17");
    let line = "--reset-offsets --group missing --all-topics --to-current --execute";
    let headings = [["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"]];
    assert_eq!(rows(&ok(&world, line)), headings, "21.19");
    // A group that never was gets its first cursor.
    let line = "--reset-offsets --group new --topic t:0 --topic u:0 --to-current --execute";
    let found = rows(&ok(&world, line));
    assert_eq!(found[1..], [["new", "t", "0", "100"], ["new", "u", "0", "100"]]);

    for (line, status, text) in [
        ("--topic t:2,0,3 --to-earliest", 3, "The partitions \"t-2,t-3\" do not exist"),
        ("--topic nope --to-earliest", 3, "topic `nope` does not exist in stream `/kafka`"),
        ("--topic t:x --to-earliest", 2, "Invalid partition 'x' specified in topic arg 't:x''"),
        ("--topic t: --to-latest", 2, "Invalid topic arg 't:', expected topic name and partitions"),
        ("--to-earliest", 2, "One of the reset scopes should be defined: --all-topics, --topic."),
        (
            "--topic t",
            2,
            "Option '[reset-offsets]' requires one of the following scenarios: [[to-offset], \
             [shift-by], [to-datetime], [by-duration], [to-earliest], [to-latest], [from-file], \
             [to-current]]",
        ),
        (
            "--topic t --to-earliest --dry-run --execute",
            2,
            "Option [reset-offsets] only accepts one of [execute] and [dry-run]",
        ),
        (
            "--topic t --to-earliest --to-offset 5",
            2,
            "Option \"[to-offset]\" can't be used with option \"[to-earliest]\"",
        ),
        ("--topic t --to-datetime 2023-11-14T22:13:00", 2, "Unparseable date: "),
        ("--topic t --by-duration 1h", 2, "Text cannot be parsed to a Duration"),
        ("--topic t --to-offset five", 2, "Cannot parse argument 'five' of option to-offset"),
    ] {
        let stderr =
            run(&world, &format!("--reset-offsets --group g {line}")).fails(status).stderr();
        assert!(stderr.contains(text), "{line}: {stderr}");
    }
    let ran =
        run(&world, "--reset-offsets --group never --topic t --shift-by 1 --execute").fails(1);
    let text = "Cannot shift offset for partition t-0 since there is no current committed offset";
    assert!(ran.stderr().contains(text), "{}", ran.stderr());
}

fn ctl(world: &World, line: &str) {
    if line.contains("/kafka") && !world.store().join("kafka").exists() {
        world.run("streamctl", ["stream", "create", "/kafka"], "").ok();
    }
    world.run("streamctl", line.split_whitespace(), "").ok();
}

#[test]
fn section_21_files() {
    let world = world(10);
    consume(&world, "t", "h");
    let export = |line: &str| ok(&world, &format!("--reset-offsets {line} --dry-run --export"));
    let one = export("--group g --topic t --to-offset 2");
    assert_eq!(one, "t,0,2\n\n", "21.21");
    let two = export("--group g --group h --topic t --to-offset 2");
    assert_eq!(two, "g,t,0,2\nh,t,0,2\n\n", "21.21");
    assert_eq!(export("--all-groups --all-topics --to-current"), "g,t,0,10\nh,t,0,10\n\n");
    let file = world.dir().join("plan.csv");
    fs::write(&file, one).unwrap();
    let line = "--reset-offsets --group g --from-file plan.csv --execute";
    assert_eq!(rows(&ok(&world, line))[1], ["g", "t", "0", "2"], "21.21");
    assert_eq!(committed(&world), "2");
    fs::write(&file, two.replace(",2", ",3")).unwrap();
    assert_eq!(rows(&ok(&world, line))[1..], [["g", "t", "0", "3"]], "21.21");
    let line = "--reset-offsets --group g --group h --from-file plan.csv --execute";
    let both = [["g", "t", "0", "3"], ["h", "t", "0", "3"]];
    assert_eq!(rows(&ok(&world, line))[1..], both, "21.21");

    let ran = run(&world, "--reset-offsets --group i --from-file plan.csv --dry-run").ends(1);
    assert!(ran.stderr().contains("\nError: No reset plan for group i found.\n"), "{ran:?}");
    fs::write(&file, "t;0;2\n").unwrap();
    let ran = run(&world, line).fails(2);
    assert!(ran.stderr().contains("`t;0;2` is not group,topic,partition,offset"), "{ran:?}");
    run(&world, "--reset-offsets --group g --from-file none.csv --execute").fails(1);
}

#[test]
fn a_group_with_a_member_is_left_alone() {
    let world = world(10);
    consume(&world, "t", "h");
    let member = join(&world, "t", "g");
    let line = "--reset-offsets --group g --topic t --to-earliest --execute";
    let told = "\nError: Assignments can only be reset if the group 'g' is inactive, but the current \
                state is Stable.\n";
    assert_eq!(run(&world, line).ends(8).stderr(), told);
    let line = "--reset-offsets --all-groups --topic t --to-earliest --execute";
    let ran = run(&world, line).ends(1);
    assert_eq!(ran.stderr(), told);
    assert_eq!(rows(&ran.stdout())[1..], [["h", "t", "0", "0"]]);
    for topic in ["t", "t:0"] {
        let line = format!("--delete-offsets --group g --topic {topic}");
        let ran = run(&world, &line).ends(8);
        let text = "\nError: Encountered some partition-level error, see the follow-up details.\n";
        assert_eq!(ran.stderr(), text, "22.7");
        let table = ran.stdout();
        assert!(
            table.contains("Error: Deleting offsets of a topic is forbidden while the consumer"),
            "22.7: {table}"
        );
    }
    assert_eq!(committed(&world), "10");
    let ran = run(&world, "--delete --group g --group h").ends(1);
    assert_eq!(
        ran.stderr(),
        "\nError: Deletion of some consumer groups failed:\n\
         * Group 'g' could not be deleted due to: \
         org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty.\n"
    );
    assert_eq!(ran.stdout(), "\nThese consumer groups were deleted successfully: 'h'\n");
    run(&world, "--delete --group g").ends(8);
    drop(member.kill());
    let done = "Deletion of requested consumer groups ('g') was successful.\n";
    assert_eq!(ok(&world, "--delete --all-groups"), done);
}

#[test]
fn section_22_delete() {
    let world = world(1);
    let ran = run(&world, "--delete --group missing.x").ends(3);
    let stderr = ran.stderr();
    assert!(stderr.contains("Group 'missing.x' could not be deleted due to:"), "22.1: {stderr}");
    assert!(stderr.contains("The group id does not exist."), "22.1: {stderr}");
    for topic in ["t", "t:0"] {
        let exact = format!(
            "Request succeeded for deleting offsets from group g.\n\
             \n{:30} {:15} {:15}\n{:30} {:15} {:15}\n",
            "TOPIC", "PARTITION", "STATUS", "t", "0", "Successful"
        );
        let line = format!("--delete-offsets --group g --topic {topic}");
        assert_eq!(ok(&world, &line), exact, "22.9");
        assert_eq!(ok(&world, "--list"), "", "22.9");
        consume(&world, "t", "g");
    }
    let ran = run(&world, "--delete-offsets --group g --topic t:0,1 --topic no").ends(1);
    let found: Vec<String> = rows(&ran.stdout()).into_iter().map(|row| row.join(" ")).collect();
    let unknown = "Error: This server does not host this topic-partition.";
    let expected = [
        "TOPIC PARTITION STATUS".to_owned(),
        format!("no Not Provided {unknown}"),
        "t 0 Successful".to_owned(),
        format!("t 1 {unknown}"),
    ];
    assert_eq!(found, expected);
    let ran = run(&world, "--delete-offsets --group none --topic t").ends(3);
    assert_eq!(ran.stderr(), "\nError: 'none' does not exist.\n");
    consume(&world, "t", "g");
    consume(&world, "t", "h");
    let done = "Deletion of requested consumer groups ('g', 'h') was successful.\n";
    assert_eq!(ok(&world, "--delete --group g --group h"), done, "22.3");
    assert_eq!(ok(&world, "--list"), "");
}

#[test]
fn groups_of_any_stream_are_named_with_it() {
    let world = World::new();
    assert_eq!(ok(&world, "--list"), "", "nobody has made /kafka");
    run(&world, "--describe --group g").fails(3);
    ctl(&world, "stream create /s");
    produce(&world, "/s:t", 3, NOW);
    consume(&world, "/s:t", "g");
    for whole in ["/s", "/s:"] {
        assert_eq!(ok(&world, &format!("--list --group {whole}")), "/s:g\n");
    }
    let far = "--bootstrap-server this.is.ignored:1";
    for line in ["--describe --group /s:g", "--describe --group /s"] {
        let found = rows(&ok(&world, &format!("{line} {far}")));
        assert_eq!(found[1][..6].join(" "), "/s:g /s:t 0 3 3 0");
    }
    let line = "--reset-offsets --group g --topic /s:t:0 --to-offset 1 --execute";
    assert_eq!(rows(&ok(&world, line))[1], ["g", "/s:t", "0", "1"]);
    let line = "--reset-offsets --group /s:g --all-topics --to-current --dry-run --export";
    let csv = ok(&world, line);
    assert_eq!(csv, "/s:t,0,1\n\n");
    fs::write(world.dir().join("plan.csv"), csv.replace(",1", ",2")).unwrap();
    let line = "--reset-offsets --group /s:g --from-file plan.csv --execute";
    assert_eq!(rows(&ok(&world, line))[1], ["/s:g", "/s:t", "0", "2"]);
    let ran = run(&world, "--reset-offsets --group /s:g --topic /r:t --to-latest").fails(2);
    assert!(ran.stderr().contains("two streams are named: `/s` and `/r`"), "{ran:?}");
    run(&world, "--list --group /none").fails(3);
    ok(&world, "--delete --group /s:g");
    assert_eq!(ok(&world, "--list --group /s"), "");
}

#[test]
fn what_has_no_effect_is_said_once() {
    let world = world(1);
    let ran = run(&world, "--list --verbose --timeout 5000 --to-earliest").ends(0);
    assert_eq!(ran.stdout(), "g\n");
    assert_eq!(
        ran.stderr(),
        "kafka-consumer-groups: --verbose has no effect: it does not go with --list\n\
         kafka-consumer-groups: --to-earliest has no effect: it does not go with --list\n\
         kafka-consumer-groups: --timeout has no effect: no server has to be waited for\n"
    );
    run(&world, "--list --command-config none.properties").fails(1);
    fs::write(world.dir().join("some.properties"), "client.id=x\n").unwrap();
    assert_eq!(run(&world, "--list --command-config some.properties").ends(0).stderr(), "");
}

/// Who set nothing but the retention finds it in the words of `streamctl group`.
#[test]
fn data_that_is_gone_is_said_to_be_gone() {
    let world = World::new();
    ctl(&world, "stream create /s");
    produce(&world, "/s:t", 1, 1_600_000_000_000);
    let command =
        world.command("streamctl", "cursor set /s -consumergroup g -topic t -to 0".split(' '));
    run_command(at(command, NOW), "").ok();
    produce(&world, "/s:t", 1, NOW);
    // The second batch gets a segment of its own, as if the first one had been full.
    let topics = fs::read_dir(world.store().join("s/topics")).unwrap();
    let partition = topics.map(|entry| entry.unwrap().path()).next().unwrap().join("0");
    let old = partition.join("00000000000000000000.log");
    let bytes = fs::read(&old).unwrap();
    let first = 12 + u32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize;
    fs::write(&old, &bytes[..first]).unwrap();
    fs::write(partition.join("00000000000000000001.log"), &bytes[first..]).unwrap();
    let streamctl = |line: &str| {
        let command = world.command("streamctl", line.split_whitespace());
        run_command(at(command, NOW + 5000), "").ok().stdout()
    };
    let line = "group describe /s -columns currentoffset,endoffset,lag,consumerlagmillis,note -format csv \
                -noheader";
    streamctl("stream purge /s");
    assert_eq!(streamctl(line), "0,2,2,,data gone\n");
    streamctl("group reset-offsets /s -consumergroup g -to beginning");
    assert_eq!(streamctl(line), "1,2,1,5000,\n");
    streamctl("group reset-offsets /s -consumergroup g -to end");
    assert_eq!(streamctl(line), "2,2,0,0,\n");
}
