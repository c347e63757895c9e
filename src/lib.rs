//! streampath: Kafka's log without the broker, for the shell.
