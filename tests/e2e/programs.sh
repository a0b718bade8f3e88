# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# As servers.sh: agents that are scripts, and daemons of the system, each with files of its own below $dir. Sourced after it.

# shellcheck disable=SC2154 # watch.sh and servers.sh make dir, cg, again and base

aside() { # NAME COMMAND...: as launch, but it stays out of what is watched
	local name=$1
	shift
	"$@" > "$dir/$name.out" 2>&1 < /dev/null &
	echo $! > "$dir/$name.main"
	pids+=("$!")
}

collector() { # PORT: somebody who takes what agents report
	[ -f "$dir/collector$1.main" ] || {
		aside "collector$1" socat -u "TCP-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork" /dev/null
		up "$1" "collector$1"
	}
}

unix_door() { # somebody who listens at a path
	[ -f "$dir/door.main" ] || aside door socat -u UNIX-LISTEN:"$dir/door.sock",fork /dev/null
	within 5 test -S "$dir/door.sock" || true
}

# ---- an agent of Python, one of node, one of Java: the script, or the archive, is the program ----

deed() { # WORD WHAT: have the agent whose deviations it is do that
	printf '%s %s\n' "$1" "$2" > "$dir/$agent.orders"
	curl -s --max-time 3 -o /dev/null "http://127.0.0.1:$port/" || true
}

deed_tcp() { deed tcp $((port + 2)); }
deed_udp() { deed udp $((port + 3)); }
deed_listen() { deed listen $((port + 4)); }
deed_unix() { unix_door; deed unix "$dir/door.sock"; }
deed_execute() { deed execute /usr/bin/id; }

agent_deviations() { # NAME PORT
	agent=$1
	port=$2
	deviate "$agent" deed_tcp ".destination.port == $((port + 2))" "another collector"
	deviate "$agent" deed_udp ".destination.port == $((port + 3)) and .network.transport == \"udp\"" "a datagram"
	deviate "$agent" deed_listen ".destination.port == $((port + 4))" "a listener that nobody declared"
	deviate "$agent" deed_unix '.message | contains("door.sock")' "a unix socket"
	deviate "$agent" deed_execute '.rule.id == "unexpected_exec"' "a program that it never started"
}

script_start() { # NAME PORT INTERPRETER SCRIPT
	mkdir -p "$dir/bin"
	cp "tests/e2e/agents/$4" "$dir/bin/$4"
	collector $(($2 + 1))
	launch "$1" "$3" "$dir/bin/$4" "$2" "$dir/$1.orders"
	up "$2" "$1"
}

questions() { # PORT
	for _ in 1 2 3 4 5; do curl -s --max-time 3 -o /dev/null "http://127.0.0.1:$1/" || true; done
}

has_agent() { [ -n "$(program python3)" ]; }
agent_program() { printf '%s\n' "$dir/bin/agent.py"; }
agent_accept() { :; }
agent_start() { script_start agent $((base + 30)) "$(program python3)" agent.py; }
agent_stop() { halt agent; }
agent_load() { questions $((base + 30)); }
agent_deviate() { agent_deviations agent $((base + 30)); }

has_node() { [ -n "$(program node)" ]; }
node_program() { printf '%s\n' "$dir/bin/agent.js"; }
node_accept() { :; }
node_start() { script_start node $((base + 40)) "$(program node)" agent.js; }
node_stop() { halt node; }
node_load() { questions $((base + 40)); }
node_deviate() { agent_deviations node $((base + 40)); }

has_java() { [ -n "$(program java)" ] && [ -n "$(program javac)" ] && [ -n "$(program jar)" ]; }
java_program() { printf '%s\n' "$dir/bin/agent.jar"; }
java_accept() { :; }

java_build() {
	mkdir -p "$dir/classes" "$dir/bin"
	javac -d "$dir/classes" tests/e2e/agents/Agent.java && jar -cfe "$dir/bin/agent.jar" Agent -C "$dir/classes" .
}

java_start() {
	[ -f "$dir/bin/agent.jar" ] || java_build
	collector $((base + 131))
	launch java "$(program java)" -Xmx64m -XX:+UseSerialGC -jar "$dir/bin/agent.jar" $((base + 130)) "$dir/java.orders"
	up $((base + 130)) java
}

java_stop() { halt java; }
java_load() { questions $((base + 130)); }
java_deviate() { agent_deviations java $((base + 130)); }
