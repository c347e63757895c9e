//! What is wrong with a command line or its input is said in one line, with an exit status.

use crate::world::{Ran, World};

#[track_caller]
fn run(world: &World, program: &str, line: &str) -> Ran {
    world.run(program, line.split_whitespace(), "")
}

#[track_caller]
fn refused(world: &World, program: &str, line: &str, code: i32, part: &str) {
    let stderr = run(world, program, line).fails(code).stderr();
    assert!(stderr.contains(part), "`{program} {line}` said:\n{stderr}");
}

#[test]
fn names_that_are_none() {
    let world = World::new();
    let long = "x".repeat(10_000);
    for (line, part) in [
        ("stream create -path s", "does not begin with `/`"),
        ("stream create -path /", "names no stream"),
        ("stream create -path /a/../s", "`..` is not allowed"),
        ("stream create -path /a//s", "empty component"),
        ("stream create -path /s:t", "`:`"),
        ("stream create -path /.streampath/s", "kept for the store"),
        ("stream create -path “/s”", "quote"),
        ("stream create –path /s", "typographic dash"),
        ("topic create -path /s -topic a/b", "`/` as character 2"),
        ("topic create -path /s -topic “t”", "quote"),
        ("topic create -path /s -topic ..", "`..` is not allowed"),
        (&format!("stream create -path /{long}"), "the limit is"),
        (&format!("topic create -path /s -topic {long}"), "the limit is 249 characters"),
    ] {
        refused(&world, "streamctl", line, 2, part);
    }
    assert!(!world.store().join("s").exists());
}

#[test]
fn limits_are_named_with_their_values() {
    let world = World::new();
    drop(run(&world, "streamctl", "stream create -path /s").ok());
    refused(&world, "streamctl", "topic create /s:t -partitions 0", 2, "1 to 4096");
    refused(&world, "streamctl", "topic create /s:t -partitions 4097", 2, "1 to 4096");
    refused(&world, "streamctl", "stream create /u -defaultpartitions 4097", 2, "1 to 4096");
    drop(run(&world, "streamctl", "topic create /s:most -partitions 4096").ok());
    drop(run(&world, "streamctl", "topic create /s:least -partitions 1").ok());
    let name = "x".repeat(249);
    drop(run(&world, "streamctl", &format!("topic create /s:{name}")).ok());
}

#[test]
fn options_that_are_none_name_the_nearest() {
    let world = World::new();
    let near = "tip: a similar argument exists: '-path'";
    refused(&world, "streamctl", "stream create -pth /s", 2, near);
    let near = "tip: a similar argument exists: '--from-beginning'";
    refused(&world, "console-consumer", "--topic /s:t --from-begining", 2, near);
    refused(&world, "streamctl", "stream create -pat /s", 2, "unexpected argument '-pat'");
    refused(&world, "streamctl", "stream crate -path /s", 2, "create");
    refused(&world, "streamctl", "stream create -ttl soon /s", 2, "'soon'");
    refused(&world, "streamctl", "stream create -autocreate maybe /s", 2, "true, false");
    refused(&world, "streamctl", "stream topic", 2, "Usage: streamctl stream topic");
    refused(&world, "streamctl", "", 2, "Usage: streamctl");
}

#[test]
fn the_consoles_refuse_what_makes_no_sense() {
    let world = World::new();
    let missing = "Missing required argument \"[topic]\"";
    refused(&world, "console-producer", "", 2, missing);
    let one_of = "Exactly one of the following arguments is required: [topic], [include]";
    refused(&world, "console-consumer", "", 2, one_of);
    refused(&world, "console-producer", "--topic /s", 2, "names no topic");
    refused(&world, "console-producer", "--topic t --broker-list far:1", 1, "far:1");
    refused(&world, "console-producer", "--topic t --broker-list far", 2, "host1:9091,host2:9092");
    refused(
        &world,
        "console-producer",
        "--topic /s:t --property a=b --reader-property c=d",
        2,
        "Options --reader-property and --property cannot be specified together.",
    );
    refused(
        &world,
        "console-producer",
        "--topic /s:t --property headers.delimiter=, --property parse.headers=true",
        2,
        "headers.delimiter and headers.separator may not be equal",
    );
    refused(
        &world,
        "console-consumer",
        "--topic /s:t --from 3 --from-beginning",
        2,
        "Options from and from-beginning cannot be specified together.",
    );
    refused(
        &world,
        "console-consumer",
        "--topic /s:t --partition 0 --offset -100",
        2,
        "The provided offset value '-100' is incorrect.",
    );
    refused(&world, "console-consumer", "--topic /s:t --from tomorrow", 2, "is not a place");
    for program in ["console-producer", "console-consumer"] {
        let both = "Options --summary and --quiet cannot be specified together.";
        refused(&world, program, "--topic /s:t --quiet --summary", 2, both);
        let told = run(&world, program, "--topic /s:t --nonsense").fails(2).stderr();
        assert!(!told.contains("Usage:"), "half of what was typed is no usage: {told}");
        for flag in ["--summary", "--null", "--explain-options"] {
            let twice = format!("{flag} {flag} --explain-options");
            drop(run(&world, program, &twice).ok());
        }
    }
    let line = "--topic /s:t --group g --partition 0";
    refused(&world, "console-consumer", line, 2, "Options group and partition cannot be");
    assert!(!world.store().exists(), "nothing was made on the way");
}

#[test]
fn what_is_missing_is_not_found() {
    let world = World::new();
    refused(&world, "console-producer", "--topic /s:t", 3, "stream `/s` does not exist");
    refused(&world, "console-consumer", "--topic /s:t", 3, "stream `/s` does not exist");
    drop(run(&world, "streamctl", "stream create -path /s -autocreate false").ok());
    refused(&world, "console-producer", "--topic /s:t", 3, "autocreate");
    refused(&world, "console-consumer", "--topic /s:t", 3, "topic `t` does not exist");
    drop(run(&world, "streamctl", "topic create /s:t -partitions 2").ok());
    let line = "--topic /s:t --partition 2 --offset earliest";
    refused(&world, "console-consumer", line, 3, "partition 2");
}

#[test]
fn values_are_bytes_and_lines_end_in_three_ways() {
    let world = World::new();
    drop(run(&world, "streamctl", "stream create -path /s").ok());
    let input = b"\xff\xfe\x00\n\nb\r\nc\rno newline";
    drop(world.run("console-producer", ["--topic", "/s:t"], input).ok());
    let line = "--topic /s:t --from beginning --until end";
    let read = run(&world, "console-consumer", line).ok();
    assert_eq!(read.bytes(), b"\xff\xfe\x00\n\nb\nc\nno newline\n");
    assert!(read.stderr().ends_with("Processed a total of 5 messages\n"), "{}", read.stderr());
}

#[test]
fn a_store_that_is_none_is_left_alone() {
    let world = World::new();
    std::fs::write(world.store(), "a text").unwrap();
    let ran = run(&world, "streamctl", "stream create -path /s").fails(1);
    assert!(ran.stderr().contains("store"), "{}", ran.stderr());
    assert_eq!(std::fs::read(world.store()).unwrap(), b"a text");
    let mut command = world.command("streamctl", ["stream", "list"]);
    command.env_remove("STREAMPATH_HOME").env_remove("HOME");
    let ran = crate::world::run_command(command, "").fails(2);
    assert!(ran.stderr().contains("export STREAMPATH_HOME="), "{}", ran.stderr());
}

#[test]
fn a_full_disk_below_stdout_is_reported_and_a_closed_pipe_is_not() {
    let world = World::new();
    drop(run(&world, "streamctl", "stream create -path /s").ok());
    let program = crate::world::program_path("streamctl");
    let script = format!("{} stream info /s > /dev/full; echo $?", program.display());
    let ran = crate::world::run_command(world.command("/bin/sh", ["-c", &script]), "").ends(0);
    assert_eq!(ran.stdout(), "1\n");
    assert!(ran.stderr().contains("cannot write standard output"), "{}", ran.stderr());
    let script = format!("{{ sleep 0.3; {} --help; echo $? >&2; }} | :", program.display());
    let ran = crate::world::run_command(world.command("/bin/sh", ["-c", &script]), "").ends(0);
    assert_eq!(ran.stderr(), "0\n");
}

#[test]
fn a_fixed_clock_must_be_a_time() {
    let world = World::new();
    let mut command = world.command("streamctl", ["stream", "list"]);
    command.env("STREAMPATH_NOW", "soon");
    let ran = crate::world::run_command(command, "").fails(2);
    assert!(ran.stderr().starts_with("streamctl: STREAMPATH_NOW is `soon`"), "{}", ran.stderr());
}
