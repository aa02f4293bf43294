#!/bin/bash
# As the official image does: KAFKA_A_B__C is the setting a.b_c, and the storage is formatted when it is new.
set -euo pipefail
properties=/opt/kafka/server.properties
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
  setting=$(echo "${name,,}" | sed 's/___/-/g; s/__/\n/g; s/_/./g' | tr '\n' '_' | sed 's/_$//')
  echo "$setting=$value"
done >"$properties"
java=(java -Xmx512m -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/log4j2.xml -cp '/opt/kafka/jars/*')
"${java[@]}" kafka.tools.StorageTool format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$properties"
exec "${java[@]}" kafka.Kafka "$properties"
