//! Notes and examples of the pages of Kafka's tools that are dialects of `streamctl`.

use super::Manual;

/// A page for each dialect.
pub(super) const PAGES: [Manual; 2] = [
    Manual {
        page: "kafka-topics",
        notes: &[
            "The program is streamctl(1), called by this name: `streamctl links` makes the name, also with \
             `.sh` and `.bat`. streamctl-topic(1) has more to tell of a topic.",
            "A failure is told on standard error, with the words of Kafka's tool, and ends with a status of \
             the list above; Kafka's tool tells it on standard output. A wrong command line ends with 2, \
             there with 1, and --help with 0.",
            "What a single machine has no use for is accepted: addresses, replicas, most configs. A line on \
             standard error says once what has no effect, and why. A topic has one replica, on broker 0; it \
             leads, is in sync, and needs no other.",
            "`TopicId` is the topic's identity in Kafka's base64. `Configs` has only what is the topic's own.",
            "A name that differs from another only by `.` and `_` is refused as Kafka refuses it; `streamctl \
             stream topic create` takes it. Records are found by name here, so nothing would collide.",
            "Through --zookeeper, --alter speaks as Kafka's tool did before 3.0, and takes --config. A topic \
             is deleted when --delete ends, not marked for it.",
        ],
        examples: &[
            (
                "Create a topic as the tutorials do:",
                r"$ streamctl links ~/stream-bin
$ PATH=~/stream-bin:$PATH
$ kafka-topics.bat --zookeeper 127.0.0.1:2181 --topic first_topic \
      --create --partitions 3 --replication-factor 1
WARNING: Due to limitations in metric names, topics with a period …
Created topic first_topic.
$ kafka-topics --list
first_topic",
            ),
            (
                "Look at some columns of it:",
                r"$ kafka-topics --describe --topic first_topic | cut -f 1,3,4
Topic: first_topic	PartitionCount: 3	ReplicationFactor: 1
	Partition: 0	Leader: 0
	Partition: 1	Leader: 0
	Partition: 2	Leader: 0",
            ),
            (
                "Work on a topic of another stream, and list all of that stream:",
                r"$ streamctl stream create /apps/gps
$ kafka-topics --create --topic /apps/gps:trucks --if-not-exists
Created topic /apps/gps:trucks.
$ kafka-topics --alter --topic /apps/gps:trucks --partitions 4
$ kafka-topics --list --topic '/apps/gps:.*'
/apps/gps:trucks",
            ),
            (
                "Delete topics, whether there are any or not:",
                "$ kafka-topics --delete --topic 'first_.*' --if-exists",
            ),
        ],
    },
    Manual {
        page: "kafka-get-offsets",
        notes: &[
            "The program is streamctl(1), called by this name: `streamctl links` makes the name, also with \
             `.sh` and `.bat`.",
            "Offsets are told whoever may list topics; no message is shown. A partition that cannot be \
             looked at is told on standard error and left out, and the status is then not 0. Where nothing \
             matches it is 3.",
        ],
        examples: &[
            (
                "See where each partition of a topic ends:",
                r"$ streamctl links ~/stream-bin
$ PATH=~/stream-bin:$PATH
$ streamctl stream create /apps/gps
$ streamctl topic create /apps/gps:trucks -partitions 2
$ seq 5 | console-producer --topic /apps/gps:trucks --partition 0
$ kafka-get-offsets --topic /apps/gps:trucks
/apps/gps:trucks:0:5
/apps/gps:trucks:1:0",
            ),
            (
                "Count what was ever written:",
                r"$ kafka-get-offsets --topic /apps/gps:trucks |
      awk -F: '{ n += $NF } END { print n }'
5",
            ),
            (
                "Where a program would begin that reads the last hour, in partitions 0 and 1:",
                r"$ kafka-get-offsets --topic-partitions /apps/gps:trucks:0-2 \
      --time $(( ($(date +%s) - 3600) * 1000 ))
/apps/gps:trucks:0:0",
            ),
        ],
    },
];
