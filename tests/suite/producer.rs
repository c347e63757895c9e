//! What `console-producer` does beyond Kafka's: JSON, files, fixed parts, refusals that are counted.

use std::fs;

use rustix::process::Signal;

use crate::world::{Ran, World, eventually};

fn world() -> World {
    let world = World::new();
    for line in
        ["stream create -path /s -defaultpartitions 1 -ttl 0", "stream create -path /u -ttl 0"]
    {
        drop(world.run("streamctl", line.split_whitespace(), "").ok());
    }
    drop(world.run("streamctl", ["topic", "create", "/s:three", "-partitions", "3"], "").ok());
    world
}

fn produce(world: &World, line: &str, input: impl AsRef<[u8]>) -> Ran {
    world.run("console-producer", line.split_whitespace(), input)
}

/// What is in a topic: time, partition, offset, headers, key and value a line.
#[track_caller]
fn shown(world: &World, topic: &str) -> String {
    let mut line = format!("--topic {topic} --from beginning --until end");
    for name in ["timestamp", "partition", "headers", "key"] {
        line.push_str(&format!(" --formatter-property print.{name}=true"));
    }
    line.push_str(" --formatter-property key.separator=| --formatter-property null.literal=NULL");
    let ran = world.run("console-consumer", line.split_whitespace(), "").ends(0);
    String::from_utf8_lossy(ran.bytes()).into_owned()
}

#[track_caller]
fn values(world: &World, topic: &str) -> String {
    let line = format!("--topic {topic} --from beginning --until end");
    world.run("console-consumer", line.split_whitespace(), "").ok().stdout()
}

#[test]
fn key_header_partition_and_time_are_given_to_every_record() {
    let world = world();
    let line = "--topic /s:three --key k --header a=1 --header b= --header c==x --partition 2 \
                --timestamp 2023-11-14T22:13:20Z";
    drop(produce(&world, line, "one\ntwo").ok());
    let all = |value: &str| format!("CreateTime:1700000000000|Partition:2|a:1,b:,c:=x|k|{value}\n");
    assert_eq!(shown(&world, "/s:three"), all("one") + &all("two"));
    for time in ["1700000000", "1700000000000", "@1700000000"] {
        let line = format!(
            "--topic /s:t{time} --timestamp {time} --header h=2 --reader-property parse.headers=true"
        );
        let line = line.replace(":t@", ":tt");
        drop(produce(&world, &line, "x:3\tv\n").ok());
        let topic = format!("/s:t{}", time.replace('@', "t"));
        assert_eq!(shown(&world, &topic), "CreateTime:1700000000000|Partition:0|h:2,x:3|NULL|v\n");
    }
    for (line, code, message) in [
        ("--topic /s:three --partition 3", 3, "partition 3 does not exist; the topic has 3"),
        ("--topic /s:t --header x", 2, "--header is `x`; expected KEY=VALUE"),
        ("--topic /s:t --timestamp soon", 2, "--timestamp is `soon`; expected a time such as"),
        (
            "--topic /s:t --key a --reader-property parse.key=true",
            2,
            "--key and parse.key=true cannot",
        ),
    ] {
        let told = produce(&world, line, "x\n").fails(code).stderr();
        assert!(told.contains(message), "{line}: {told}");
    }
}

#[test]
fn a_delimiter_is_exact() {
    let world = world();
    for (index, (options, input, expected)) in [
        ("--delimiter \\n", "a\r\nb\rc\n\nd", "a\r\nb\rc\n\nd\n"),
        ("--null", "a\nb\0c\0\0d", "a\nb\nc\n\nd\n"),
        ("-0", "a\0b\0", "a\nb\n"),
        ("--delimiter \\0", "a\0b\0", "a\nb\n"),
        ("--delimiter ab", "1abaab2aab", "1\na\n2a\n"),
        ("--delimiter \\x1e", "\x1ex", "\nx\n"),
        (
            "--delimiter ;; --reader-property parse.key=true --reader-property key.separator=:",
            "a:1;;b:2",
            "1\n2\n",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let topic = format!("/s:t{index}");
        drop(produce(&world, &format!("--topic {topic} {options}"), input).ok());
        assert_eq!(values(&world, &topic), expected, "{options}");
    }
    for line in [
        "--topic /s:t --delimiter=",
        "--topic /s:t --delimiter \\q",
        "--topic /s:t -0 --delimiter x",
    ] {
        drop(produce(&world, line, "").fails(2));
    }
    // Cut anywhere, the pieces are the same.
    let input = "word;-;".repeat(100_000);
    drop(produce(&world, "--topic /s:many --delimiter ;-;", &input).ok());
    assert_eq!(values(&world, "/s:many"), "word\n".repeat(100_000));
}

#[test]
fn a_file_is_a_record() {
    let world = world();
    for (name, bytes) in [("a", "one\ntwo\n"), ("b c", ""), ("d", "\u{1}")] {
        fs::write(world.dir().join(name), bytes).unwrap();
    }
    let words = ["--topic", "/s:t", "--key", "k", "--file-per-record", "a", "b c", "d"];
    drop(world.run("console-producer", words, "ignored\n").ok());
    assert_eq!(values(&world, "/s:t"), "one\ntwo\n\n\n\u{1}\n");
    drop(produce(&world, "--topic /s:in -0 --file-per-record", "b c\0a").ok());
    assert_eq!(values(&world, "/s:in"), "\none\ntwo\n\n");
    let ran = produce(&world, "--topic /s:x --file-per-record a none d", "").fails(1);
    assert_eq!(
        ran.stderr(),
        "console-producer: stored 1 record, refused 1: none; stopped there\n\
         console-producer: cannot read `none`: No such file or directory\n"
    );
    let ran =
        produce(&world, "--topic /s:y --on-error skip --file-per-record a none d .", "").fails(1);
    assert_eq!(
        ran.stderr(),
        "console-producer: skipped: cannot read `none`: No such file or directory\n\
         console-producer: skipped: cannot read `.`: Is a directory\n\
         console-producer: stored 2 records, refused 2: none, .; end of input\n"
    );
    fs::write(world.dir().join("big"), vec![b'x'; 10_000_001]).unwrap();
    let told = produce(&world, "--topic /s:z --file-per-record big", "").fails(1).stderr();
    assert!(told.contains("cannot send `big`: the message has 10000001 bytes"), "{told}");
    let line = "--topic /s:t --reader-property parse.key=true --file-per-record a";
    assert!(produce(&world, line, "").fails(2).stderr().contains("a file is the value"));
}

#[test]
fn refused_records_are_skipped_or_stop_it() {
    let world = world();
    let keyed = "--topic /s:t --reader-property parse.key=true";
    let input = "a\t1\nbad\nb\t2\n\nc\t3\n";
    let told = produce(&world, keyed, input).fails(1).stderr();
    assert_eq!(
        told,
        "console-producer: stored 1 record, refused 1: line 2; stopped there\n\
         console-producer: No key separator found on line number 2: 'bad'\n\
         hint: what stands before it is sent; behind it: tail -n +3 FILE\n"
    );
    assert_eq!(values(&world, "/s:t"), "1\n");
    let skipping = "--topic /s:u --reader-property parse.key=true --on-error skip";
    let told = produce(&world, skipping, input).fails(1).stderr();
    assert_eq!(
        told,
        "console-producer: skipped: No key separator found on line number 2: 'bad'\n\
         console-producer: skipped: No key separator found on line number 4: ''\n\
         console-producer: stored 3 records, refused 2: line 2, line 4; end of input\n"
    );
    assert_eq!(values(&world, "/s:u"), "1\n2\n3\n");
    let quiet = format!("{skipping} --quiet");
    assert_eq!(produce(&world, &quiet, input).ends(1).stderr(), "");
    let many = "bad\n".repeat(20);
    let told = produce(&world, skipping, many).fails(1).stderr();
    assert_eq!(told.lines().count(), 6, "{told}");
    assert!(
        told.ends_with("refused 20: line 1, line 2, line 3, line 4, line 5, …; end of input\n")
    );
}

#[test]
fn a_record_that_is_too_large_is_skipped_wherever_it_ends() {
    let world = world();
    let long = "x".repeat(12_000_000);
    let input = format!("one\n{long}\ntwo\n{}\nthree", "y".repeat(10_000_001));
    let told = produce(&world, "--topic /s:t --on-error skip", input).fails(1).stderr();
    assert_eq!(values(&world, "/s:t"), "one\ntwo\nthree\n");
    assert!(told.contains("line 2 has more than"), "{told}");
    assert!(
        told.ends_with("stored 3 records, refused 2: line 2, line 4; end of input\n"),
        "{told}"
    );
    let input = format!("one;;{long};;two;;{long}");
    let told =
        produce(&world, "--topic /s:u --on-error skip --delimiter ;;", input).fails(1).stderr();
    assert_eq!(values(&world, "/s:u"), "one\ntwo\n");
    assert!(
        told.ends_with("stored 2 records, refused 2: line 2, line 4; end of input\n"),
        "{told}"
    );
    let line = "--topic /s:v --command-property max.request.size=3";
    let told = produce(&world, line, "123\n1234\n").fails(1).stderr();
    assert!(told.contains("cannot send line 2: the message has 4 bytes; the limit is 3"), "{told}");
}

#[test]
fn the_summary_is_told_when_asked_and_else_plain_success_is_silent() {
    let world = world();
    drop(produce(&world, "--topic /s:t", "a\n").ok());
    let told = produce(&world, "--topic /s:t --summary", "a\nb\n").ends(0).stderr();
    assert_eq!(told, "console-producer: stored 2 records; end of input\n");
    let told =
        produce(&world, "--topic /s:t --format json", "{\"value\":\"x\"}\n").ends(0).stderr();
    assert_eq!(told, "console-producer: stored 1 record; end of input\n");
    drop(produce(&world, "--topic /s:t --format json --quiet", "{\"value\":\"x\"}\n").ok());
}

#[test]
fn json_keeps_partition_and_time_and_goes_where_it_says() {
    let world = world();
    let input = r#"{"v":1,"topic":"/s:three","partition":2,"offset":77,"timestamp":1700000000000,"timestampType":"CreateTime","key":"k","value":"one","headers":[["a","b"],["a",null]]}
{"topic":"/u:other","partition":0,"timestamp":5,"value":{"base64":"/w=="}}

{"topic":"/s:three","partition":0,"timestamp":1700000000001,"key":null,"value":null}
"#;
    let told = produce(&world, "--format json", input).ends(0).stderr();
    assert_eq!(told, "console-producer: stored 3 records; end of input\n");
    assert_eq!(
        shown(&world, "/s:three"),
        "CreateTime:1700000000001|Partition:0|NO_HEADERS|NULL|NULL\n\
         CreateTime:1700000000000|Partition:2|a:b,a:NULL|k|one\n"
    );
    assert_eq!(shown(&world, "/u:other"), "CreateTime:5|Partition:0|NO_HEADERS|NULL|\u{fffd}\n");
    // A topic on the command line wins.
    let line = "--topic /s:all --format json --repartition --quiet";
    drop(produce(&world, line, input).ok());
    assert_eq!(shown(&world, "/s:all").lines().count(), 3);
    let told = produce(&world, "--topic /s:fewer --format json", input).fails(1).stderr();
    assert_eq!(
        told,
        "console-producer: stored 0 records, refused 1: line 1; stopped there\n\
         console-producer: cannot send line 1: partition 2 does not exist; the topic has 1\n\
         hint: choose partitions anew, by key: --repartition\n"
    );
    let now = "--topic /s:now --format json --repartition --restamp --quiet";
    drop(produce(&world, now, input).ok());
    let times = shown(&world, "/s:now");
    assert!(!times.contains("CreateTime:5|") && !times.contains(":170000000000"), "{times}");
}

#[test]
fn json_that_is_wrong_is_named_with_its_line() {
    let world = world();
    for (line, part) in [
        ("{\"value\":1}", "line 2: column 10: field `value` must be"),
        ("{\"value\":\"a\",\"color\":\"red\"}", "line 2: column 14: field `color` is not known"),
        ("{}", "line 2: column 2: field `value` is missing"),
        ("hello", "line 2: column 1: expected an object"),
        ("{\"value\":\"x\"}", "line 2: field `topic` is missing"),
        ("{\"topic\":\"/none:t\",\"value\":\"x\"}", "line 2: stream `/none` does not exist"),
        ("{\"topic\":\"a b\",\"value\":\"x\"}", "line 2: "),
    ] {
        let first = "{\"topic\":\"/s:t\",\"value\":\"good\"}\n";
        let input = format!("{first}{line}\n{first}");
        let ran = produce(&world, "--format json", &input);
        let code = if line.contains("none") { 3 } else { 1 };
        let told = ran.fails(code).stderr();
        assert!(told.contains(part), "{line}: {told}");
        assert!(told.contains("stored 1 record, refused 1: line 2; stopped there"), "{told}");
        let told = produce(&world, "--format json --on-error skip", &input).fails(1).stderr();
        assert!(told.ends_with("stored 2 records, refused 1: line 2; end of input\n"), "{told}");
    }
    for line in [
        "--format json --key k",
        "--format json --partition 1",
        "--topic /s:t --repartition",
        "--topic /s:t --format xml",
        "--format json --file-per-record a",
    ] {
        drop(produce(&world, line, "").fails(2));
    }
}

/// More topics than are written to at once, in turns.
#[test]
fn many_topics_of_several_streams_take_turns() {
    let world = world();
    let mut input = String::new();
    for round in 0..3 {
        for topic in 0..40 {
            let stream = if topic % 2 == 0 { "/s" } else { "/u" };
            input.push_str(&format!("{{\"topic\":\"{stream}:t{topic}\",\"value\":\"{round}\"}}\n"));
        }
    }
    let told = produce(&world, "--format json", input).ends(0).stderr();
    assert_eq!(told, "console-producer: stored 120 records; end of input\n");
    for topic in ["/s:t0", "/u:t1", "/u:t39"] {
        assert_eq!(values(&world, topic), "0\n1\n2\n");
    }
}

#[test]
fn settings_act() {
    let world = world();
    let line = "--topic /s:t --command-property linger.ms=300 --report-acks";
    let mut producer = world.start("console-producer", line.split_whitespace());
    let began = std::time::Instant::now();
    producer.feed("a\n");
    producer.wait_for_line(|line| line.contains("\"value\":\"a\""));
    assert!(began.elapsed().as_millis() >= 300, "it did not linger");
    drop(producer.wait().ok());
    for (line, code, part) in [
        (
            "--command-property enable.idempotence=true --request-required-acks 1",
            2,
            "Must set acks to all",
        ),
        ("--command-property transactional.id=a", 2, "no transactions yet"),
        ("--command-config none", 1, "cannot read `none` of --command-config: No such file"),
        ("--reader-config none", 1, "cannot read `none` of --reader-config: No such file"),
    ] {
        let told = produce(&world, &format!("--topic /s:t {line}"), "").fails(code).stderr();
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn explain_options_names_everything() {
    let world = World::new();
    let told = produce(&world, "--explain-options", "").ok().stdout();
    for part in [
        "--socket-buffer-size                      no effect: ",
        "--timeout                                 acts: ",
        "linger.ms                                 acts: ",
        "ssl.*                                     no effect",
        "transactional.id                          refused: ",
        "null.marker                               acts: ",
    ] {
        assert!(told.contains(part), "`{part}` is not in:\n{told}");
    }
    assert!(!world.store().exists());
}

/// The number of records that a summary says are stored.
#[track_caller]
fn stored(told: &str) -> u64 {
    let (_, rest) = told.split_once("stored ").unwrap_or_else(|| panic!("no count: {told}"));
    rest.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn interrupted_half_way_it_says_what_is_stored() {
    for acks in ["-1", "1"] {
        let world = world();
        drop(produce(&world, "--topic /s:t", "").ok());
        let line = format!("--topic /s:t --request-required-acks {acks}");
        let mut producer = world.start("console-producer", line.split_whitespace());
        let mut stdin = producer.take_stdin();
        let feeder = std::thread::spawn(move || {
            use std::io::Write as _;
            for number in 1..=1_000_000_u32 {
                if writeln!(stdin, "{number}").is_err() {
                    break;
                }
            }
            // Held open, so that only the signal ends it.
            stdin
        });
        eventually("something is stored", || !values(&world, "/s:t").is_empty());
        producer.signal(Signal::INT);
        eventually("the producer ends", || producer.has_ended());
        let ran = producer.wait().ends(130);
        let told = ran.stderr();
        assert!(told.contains("; interrupted"), "{told}");
        let count = stored(&told);
        assert!((1..1_000_000).contains(&count), "half-way: {told}");
        let expected: String = (1..=count).map(|number| format!("{number}\n")).collect();
        assert!(values(&world, "/s:t") == expected, "those up to the signal, in order: {told}");
        drop(feeder.join().unwrap());
    }
}

#[test]
fn a_topic_that_is_gone_is_told_with_its_count() {
    let world = world();
    drop(produce(&world, "--topic /s:t", "").ok());
    let mut producer = world.start("console-producer", ["--topic", "/s:t", "--report-acks"]);
    producer.feed("before\n");
    producer.wait_for_line(|line| line.contains("before"));
    drop(world.run("streamctl", ["topic", "delete", "/s:t"], "").ok());
    producer.feed("after\nand more\n");
    let told = producer.wait().ends(3).stderr();
    assert!(told.contains("stored 1 record, 2 not stored; the topic took no more"), "{told}");
    assert!(told.contains("2 of 3 records were not stored"), "{told}");
}

#[test]
fn a_missing_permission_ends_it_with_5_or_is_skipped_with_its_line() {
    let world = world();
    let line = "stream create -path /no -produceperm u:nobody -topicperm u:nobody";
    drop(world.run("streamctl", line.split_whitespace(), "").ok());
    drop(produce(&world, "--topic /no:t", "x\n").fails(5));
    let input = "{\"topic\":\"/s:t\",\"value\":\"a\"}\n{\"topic\":\"/no:t\",\"value\":\"b\"}\n";
    let told = produce(&world, "--format json", input).fails(5).stderr();
    assert!(told.contains("stored 1 record, refused 1: line 2; stopped there"), "{told}");
    let told = produce(&world, "--format json --on-error skip", input).fails(1).stderr();
    assert!(told.contains("stored 1 record, refused 1: line 2; end of input"), "{told}");
}

#[test]
fn what_has_expired_is_stored_with_a_warning() {
    let world = world();
    drop(world.run("streamctl", ["stream", "create", "-path", "/old"], "").ok());
    let warning = "console-producer: warning: records of `/old:t` are older than the time to live of \
                   its stream; they are stored, and nobody will see them\n\
                   hint: streamctl stream edit -path /old -ttl 0\n";
    let ran = produce(&world, "--topic /old:t --timestamp 5", "a\nb\n").ends(0);
    assert_eq!(ran.stderr(), warning);
    let input = "{\"topic\":\"/old:t\",\"timestamp\":5,\"value\":\"c\"}\n".repeat(3);
    let ran = produce(&world, "--format json", input).ends(0);
    assert_eq!(
        ran.stderr(),
        format!("{warning}console-producer: stored 3 records; end of input\n")
    );
    assert_eq!(values(&world, "/old:t"), "");
    drop(world.run("streamctl", ["stream", "edit", "-path", "/old", "-ttl", "0"], "").ok());
    assert_eq!(values(&world, "/old:t"), "a\nb\nc\nc\nc\n");
}
