//! Notes and examples of `kafka-consumer-groups(1)`.

use super::Manual;

/// Its page.
pub(super) const PAGES: [Manual; 1] = [Manual {
    page: "kafka-consumer-groups",
    notes: &[
        "The program is streamctl(1), called by this name: `streamctl links` makes the name, also with \
         `.sh` and `.bat`. streamctl-group(1) tells more of a group: how long its messages have been \
         waiting, and how fast it reads.",
        "A failure is told on standard error, in the words of Kafka's tool, and ends with a status of \
         the list above; Kafka's tool tells it on standard output and ends with 0. A wrong command line \
         ends with 2, there with 1, and --help with 0. Where several groups are meant, those for which \
         nothing stands in the way are done, and the status is 1.",
        "A group whose own name begins with `/` has to be named with its stream: --group \
         `/stream:/name`.",
        "Every group is of type Consumer, and there are no coordinators. A group that never had a member \
         has neither a strategy nor an epoch: they are shown as `-`.",
        "An option that Kafka's tool does not look at for an action, such as --verbose beside --list, \
         has no effect here either; a line on standard error says so.",
    ],
    examples: &[
        (
            "See how far a group is after it has read two of five messages:",
            r"$ streamctl links ~/stream-bin
$ PATH=~/stream-bin:$PATH
$ seq 5 | kafka-console-producer --topic first_topic
$ kafka-console-consumer --topic first_topic --group trackers \
      --from-beginning --max-messages 2
1
2
Processed a total of 2 messages
$ kafka-consumer-groups --bootstrap-server localhost:9092 --list
trackers
$ kafka-consumer-groups --describe --group trackers
…
GROUP …TOPIC …PARTITION …CURRENT-OFFSET …LOG-END-OFFSET …LAG …
trackers …first_topic …0 …2 …5 …3 …",
        ),
        (
            "Let it read everything again:",
            r"$ kafka-consumer-groups --group trackers --topic first_topic \
      --reset-offsets --to-earliest --execute
…
GROUP           TOPIC           PARTITION  NEW-OFFSET
trackers        first_topic     0          0",
        ),
        (
            "Keep where it reads on in a file, and go back there later:",
            r"$ kafka-consumer-groups --group trackers --reset-offsets \
      --all-topics --to-current --dry-run --export > offsets.csv
$ kafka-consumer-groups --group trackers --reset-offsets \
      --from-file offsets.csv --execute
…
GROUP           TOPIC           PARTITION  NEW-OFFSET
trackers        first_topic     0          0",
        ),
        (
            "Forget the group; then there is none in any stream named:",
            r"$ kafka-consumer-groups --delete --group trackers
Deletion of requested consumer groups ('trackers') was successful.
$ kafka-consumer-groups --list --group /kafka",
        ),
    ],
}];
