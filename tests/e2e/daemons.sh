# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# As servers.sh: daemons of the system, each with files of its own below $dir. What is not like its predecessor starts anew with other
# words in its file: so an administrator, or somebody who became one, would do it. Sourced after programs.sh.

# shellcheck disable=SC2154 # watch.sh and servers.sh make dir, cg, again and base

with() { # NAME WORDS...: start it anew with these words, load it, and go back
	local name=$1
	shift
	"${name}_stop"
	"${name}_start" "$@"
	"${name}_load"
	sleep 1.5 # a sweep: some kernels show what carries no byte no earlier
	"${name}_stop"
	"${name}_start"
}

resolves() { dig +short +time=1 +tries=1 "@127.0.0.1" -p "$1" known.example 2> /dev/null | grep -q '^127\.'; }

# ---- unbound: asks another resolver, each time from a port that it draws by lot; is asked over UDP and TCP ----

has_unbound() { [ -x /usr/sbin/unbound ] && [ -n "$(program dig)" ] && has_dnsmasq; }
unbound_program() { program unbound; }
unbound_accept() { :; }

upstream_resolver() { # on PORT, of all the addresses of loopback
	[ -f "$dir/resolver$1.main" ] || {
		aside "resolver$1" /usr/sbin/dnsmasq -k -C /dev/null --port="$1" --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts \
			--address=/example/127.9.9.9 --user=root --pid-file=
		within 10 resolves "$1" || fail resolver "does not answer: $(tail -n 3 "$dir/resolver$1.out")" "$again"
	}
}

unbound_start() { # [FORWARD-TO [SERVER-WORDS [ZONE-WORDS]]]
	upstream_resolver $((base + 51))
	cat > "$dir/unbound.conf" <<-UNBOUND
	server:
	  interface: 127.0.0.1@$((base + 50))
	  do-not-query-localhost: no
	  do-daemonize: no
	  use-syslog: no
	  num-threads: 1
	  chroot: ""
	  username: ""
	  pidfile: ""
	  directory: "$dir"
	  module-config: "iterator"
	  cache-max-ttl: 0
	  outgoing-interface: 127.0.0.1
	  ${2:-}
	remote-control:
	  control-enable: ${4:-no}
	  control-interface: $dir/unbound.ctl
	forward-zone:
	  name: "."
	  forward-addr: ${1:-127.0.0.1@$((base + 51))}
	  ${3:-}
	UNBOUND
	launch unbound /usr/sbin/unbound -d -c "$dir/unbound.conf"
	up $((base + 50)) unbound
}

unbound_stop() { halt unbound; }

unbound_load() {
	for n in 1 2 3 4 5; do
		dig +time=1 +tries=1 @127.0.0.1 -p $((base + 50)) "n$n.example" > /dev/null 2>&1 || true
		dig +tcp +time=1 +tries=1 @127.0.0.1 -p $((base + 50)) "t$n.example" > /dev/null 2>&1 || true
	done
}

unbound_forward() { with unbound "127.0.0.1@$((base + 52))"; }
unbound_address() { with unbound "127.0.0.2@$((base + 51))"; }
unbound_tcp() { with unbound '' '' 'forward-tcp-upstream: yes'; }
unbound_tls() { with unbound "127.0.0.1@$((base + 53))" '' 'forward-tls-upstream: yes'; }
unbound_control() { with unbound '' '' '' yes; }

unbound_deviate() {
	deviate unbound unbound_forward ".destination.port == $((base + 52))" "another port of its resolver"
	deviate unbound unbound_address '.destination.ip == "127.0.0.2"' "another resolver"
	deviate unbound unbound_tcp ".destination.port == $((base + 51)) and .network.transport == \"tcp\"" "questions over TCP"
	deviate unbound unbound_tls ".destination.port == $((base + 53))" "questions over TLS"
	deviate unbound unbound_control '.message | contains("unbound.ctl")' "a socket to control it by"
}

# ---- dnsmasq: forwards names ----

has_dnsmasq() { [ -x /usr/sbin/dnsmasq ] && [ -n "$(program dig)" ]; }
dnsmasq_program() { program dnsmasq; }
dnsmasq_accept() { :; }

dnsmasq_start() { # [WORD...]
	upstream_resolver $((base + 51))
	launch dnsmasq /usr/sbin/dnsmasq -k -C /dev/null --port=$((base + 60)) --listen-address=127.0.0.1 --bind-interfaces --no-resolv \
		--no-hosts --cache-size=0 --user=root --pid-file= "${@:---server=127.0.0.1#$((base + 51))}"
	up $((base + 60)) dnsmasq
}

dnsmasq_stop() { halt dnsmasq; }

dnsmasq_load() {
	for n in 1 2 3 4 5; do
		dig +time=1 +tries=1 @127.0.0.1 -p $((base + 60)) "n$n.example" > /dev/null 2>&1 || true
	done
}

dnsmasq_forward() { with dnsmasq "--server=127.0.0.1#$((base + 62))"; }
dnsmasq_address() { with dnsmasq "--server=127.0.0.2#$((base + 51))"; }
dnsmasq_ipv6() { with dnsmasq "--server=::1#$((base + 51))"; }
dnsmasq_script() { with dnsmasq "--server=127.0.0.1#$((base + 51))" --conf-script=:; } # a word of the shell itself
dnsmasq_tcp() { dig +tcp +time=1 +tries=1 @127.0.0.1 -p $((base + 60)) tcp.example > /dev/null 2>&1 || true; }

dnsmasq_deviate() {
	deviate dnsmasq dnsmasq_forward ".destination.port == $((base + 62))" "another port of its resolver"
	deviate dnsmasq dnsmasq_address '.destination.ip == "127.0.0.2"' "another resolver"
	deviate dnsmasq dnsmasq_ipv6 '.destination.ip == "::1"' "a resolver over IPv6"
	deviate dnsmasq dnsmasq_script '.rule.id == "unexpected_exec"' "a shell that writes its configuration"
	deviate dnsmasq dnsmasq_tcp ".destination.port == $((base + 51)) and .network.transport == \"tcp\"" "questions over TCP"
}

# ---- sshd: sessions by key ----

has_sshd() { [ -x /usr/sbin/sshd ] && [ -n "$(program ssh)" ] && [ -n "$(program ssh-keygen)" ]; }
sshd_program() { program sshd; }
sshd_accept() { :; }

sshd_start() { # [WORDS]
	mkdir -p /run/sshd "$dir/ssh" # the first is compiled in
	chmod 700 "$dir/ssh"
	[ -f "$dir/ssh/key" ] || {
		ssh-keygen -q -t ed25519 -N '' -f "$dir/ssh/host"
		ssh-keygen -q -t ed25519 -N '' -f "$dir/ssh/key"
	}
	cat > "$dir/ssh/config" <<-SSHD
	Port $((base + 70))
	ListenAddress 127.0.0.1
	HostKey $dir/ssh/host
	AuthorizedKeysFile $dir/ssh/key.pub
	PidFile none
	StrictModes no
	UsePAM no
	UseDNS no
	PrintLastLog no
	PermitRootLogin prohibit-password
	SetEnv HOME=$dir/ssh
	${1:-}
	SSHD
	launch sshd /usr/sbin/sshd -D -e -f "$dir/ssh/config"
	up $((base + 70)) sshd
}

sshd_stop() { halt sshd; }

session() { # ARGUMENT...
	timeout 5 ssh -F /dev/null -i "$dir/ssh/key" -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR \
		-o BatchMode=yes -p $((base + 70)) "$@" < /dev/null > "$dir/session.out" 2>&1 || true
}

sshd_load() { for _ in 1 2 3; do session root@127.0.0.1 /usr/bin/sleep 0.1; done; }

sshd_execute() { session root@127.0.0.1 /usr/bin/id; }
sshd_forward() { session -W "127.0.0.1:$((base + 71))" root@127.0.0.1; }
sshd_reverse() { session -R "127.0.0.1:$((base + 72)):127.0.0.1:1" root@127.0.0.1 /usr/bin/sleep 0.1; }
sshd_unix() { session -R "$dir/ssh/door.sock:127.0.0.1:1" root@127.0.0.1 /usr/bin/sleep 2; }
sshd_listens() { with sshd "Port $((base + 73))"; }

sshd_deviate() {
	deviate sshd sshd_execute '.rule.id == "unexpected_exec"' "a command that nobody gave before"
	deviate sshd sshd_forward ".destination.port == $((base + 71))" "a port that is forwarded"
	deviate sshd sshd_reverse ".destination.port == $((base + 72))" "a listener for the other end"
	deviate sshd sshd_unix '.message | contains("door.sock")' "a unix socket for the other end"
	deviate sshd sshd_listens ".destination.port == $((base + 73))" "another port to listen on"
}

# ---- chronyd: asks a server of time, and is asked how it goes; it sets no clock ----

has_chrony() { [ -x /usr/sbin/chronyd ] && [ -n "$(program chronyc)" ]; }
chrony_program() { program chronyd; }
chrony_accept() { :; }

chrony_start() { # [SOURCE [WORDS]]
	[ -d "$dir/chrony" ] || mkdir -m 750 "$dir/chrony"
	[ -f "$dir/clock.main" ] || {
		mkdir -m 750 "$dir/clock"
		cat > "$dir/clock.conf" <<-CLOCK
		local stratum 5
		allow 127/8
		port $((base + 81))
		bindaddress 127.0.0.1
		cmdport 0
		bindcmdaddress $dir/clock/sock
		pidfile $dir/clock/pid
		user root
		CLOCK
		aside clock /usr/sbin/chronyd -d -x -f "$dir/clock.conf"
	}
	cat > "$dir/chrony.conf" <<-CHRONY
	${1:-server 127.0.0.1 port $((base + 81)) minpoll -2 maxpoll -2 iburst}
	cmdport $((base + 80))
	bindcmdaddress 127.0.0.1
	bindcmdaddress ${3:-$dir/chrony/sock}
	pidfile $dir/chrony/pid
	user root
	${2:-}
	CHRONY
	launch chrony /usr/sbin/chronyd -d -x -f "$dir/chrony.conf"
	sleep 1
}

chrony_stop() { halt chrony; }
chrony_load() { for _ in 1 2 3; do timeout 3 chronyc -h 127.0.0.1 -p $((base + 80)) tracking > /dev/null 2>&1 || true; sleep 0.3; done; }

chrony_server() { with chrony "server 127.0.0.1 port $((base + 82)) minpoll -2 maxpoll -2"; }
chrony_address() { with chrony "server 127.0.0.2 port $((base + 81)) minpoll -2 maxpoll -2"; }
chrony_ipv6() { with chrony "server ::1 port $((base + 81)) minpoll -2 maxpoll -2"; }
chrony_nts() { with chrony "server 127.0.0.1 nts ntsport $((base + 83))"; }
chrony_control() { with chrony '' '' "$dir/chrony/door.sock"; }

chrony_deviate() {
	deviate chrony chrony_server ".destination.port == $((base + 82))" "another port of its server"
	deviate chrony chrony_address '.destination.ip == "127.0.0.2"' "another server"
	deviate chrony chrony_ipv6 '.destination.ip == "::1"' "a server over IPv6"
	deviate chrony chrony_nts ".destination.port == $((base + 83)) and .network.transport == \"tcp\"" "keys over TCP"
	deviate chrony chrony_control '.message | contains("door.sock")' "a socket to control it by"
}

# ---- cron: jobs at its start; what it reads and leaves behind is its own, in a mount namespace ----

has_cron() { [ -x /usr/sbin/cron ] && [ -n "$(program unshare)" ]; }
cron_program() { program cron; }
cron_accept() { :; }

cron_start() { # [JOB]
	mkdir -p "$dir/cron"
	collector $((base + 91))
	printf '@reboot root /bin/bash -c "exec 3<>/dev/tcp/127.0.0.1/%d; exec /usr/bin/true"\n' $((base + 91)) > "$dir/cron/crontab"
	[ -z "${1:-}" ] || printf '@reboot root %s\n' "$1" >> "$dir/cron/crontab"
	chmod 600 "$dir/cron/crontab"
	# shellcheck disable=SC2016 # the inner shell expands it
	launch cron unshare --mount --propagation private sh -c 'mount -t tmpfs none /run && mount -t tmpfs none /var/spool/cron &&
		mkdir /var/spool/cron/crontabs && mount -t tmpfs none /etc/cron.d && mount --bind "$0" /etc/crontab && exec cron -f' \
		"$dir/cron/crontab"
	sleep 1
}

cron_stop() { halt cron; }
cron_load() { cron_stop; cron_start; } # its jobs again

cron_job() { cron_stop; cron_start "$1"; cron_stop; cron_start; }
cron_connects() { cron_job "/bin/bash -c \"exec 3<>/dev/tcp/127.0.0.1/$((base + 92)); exec /usr/bin/true\""; }
cron_udp() { cron_job "/bin/bash -c \"echo x > /dev/udp/127.0.0.1/$((base + 93)); exec /usr/bin/true\""; }
cron_address() { cron_job "/bin/bash -c \"exec 3<>/dev/tcp/127.0.0.2/$((base + 91)); exec /usr/bin/true\""; }
cron_ipv6() { cron_job "/bin/bash -c \"exec 3<>/dev/tcp/::1/$((base + 91)); exec /usr/bin/true\""; }
cron_execute() { cron_job /usr/bin/id; }

cron_deviate() {
	deviate cron cron_execute '.rule.id == "unexpected_exec"' "a job that nobody gave before"
	deviate cron cron_connects ".destination.port == $((base + 92))" "a job that connects elsewhere"
	deviate cron cron_udp ".destination.port == $((base + 93)) and .network.transport == \"udp\"" "a job that sends a datagram"
	deviate cron cron_address '.destination.ip == "127.0.0.2"' "a job that connects to another address"
	deviate cron cron_ipv6 '.destination.ip == "::1"' "a job that connects over IPv6"
}
