# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# How are nginx, redis and postgresql started, loaded, stopped, and made to do what they did not do before? Sourced after watch.sh.

# shellcheck disable=SC2154 # watch.sh makes dir, cg and again
base=21480 # ports from here

up() { # PORT NAME
	within 15 listens "$1" || fail "$2" "does not listen on $1: $(tail -n 3 "$dir/$2.out")" "$again"
}

launch() { # NAME COMMAND...: a server in the watched cgroup; its pid stands in $dir/NAME.main
	local name=$1
	shift
	( echo "$BASHPID" > "$cg/cgroup.procs"; exec "$@" ) > "$dir/$name.out" 2>&1 < /dev/null &
	echo $! > "$dir/$name.main"
	pids+=("$!")
}

halt() { # NAME: end what launch started
	local pid
	pid=$(cat "$dir/$1.main")
	kill -TERM "$pid" 2> /dev/null || true
	wait "$pid" 2> /dev/null || true
}

# ---- nginx: files, and a proxy to another server ----

has_nginx() { [ -n "$(program nginx)" ]; }
nginx_program() { program nginx; }
nginx_accept() { :; }

nginx_conf() { # EXTRA-HTTP EXTRA-SERVER ERROR-LOG
	cat > "$dir/nginx.conf" <<-NGINX
	daemon off; pid $dir/nginx.pid; error_log ${3:-/dev/null}; worker_processes 2; user root;
	events { worker_connections 64; }
	http { access_log off; client_body_temp_path $dir/nginx; proxy_temp_path $dir/nginx; fastcgi_temp_path $dir/nginx;
	  uwsgi_temp_path $dir/nginx; scgi_temp_path $dir/nginx; $1
	  server { listen 127.0.0.1:$base; root $dir/web; $2
	    location /up { proxy_pass http://127.0.0.1:$((base + 1)); } } }
	NGINX
}

nginx_start() {
	mkdir -p "$dir/web" "$dir/nginx"
	head -c 300000 /dev/zero > "$dir/web/big"
	[ -f "$dir/upstream.main" ] || {
		launch upstream /usr/bin/env python3 -m http.server --bind 127.0.0.1 --directory "$dir/web" $((base + 1))
		up $((base + 1)) upstream
	}
	nginx_conf '' ''
	launch nginx "$(program nginx)" -c "$dir/nginx.conf"
	up $base nginx
}

nginx_stop() { halt nginx; }

fetch() { curl -s --max-time 3 -o /dev/null "http://127.0.0.1:$base$1" || true; }

nginx_load() {
	for _ in 1 2 3 4 5; do fetch /big; fetch /up/; done
}

nginx_again() { # with what nginx_conf was given: read anew
	kill -HUP "$(cat "$dir/nginx.main")"
	sleep 1
}

nginx_new_listener() { nginx_conf "server { listen 127.0.0.1:$((base + 2)); }" ''; nginx_again; }
nginx_new_upstream() { nginx_conf '' "location /other { proxy_pass http://127.0.0.1:$((base + 3)); }"; nginx_again; fetch /other; }
nginx_new_unix() {
	launch other socat UNIX-LISTEN:"$dir/other.sock",fork /dev/null
	within 5 test -S "$dir/other.sock" || true
	nginx_conf '' "location /sock { proxy_pass http://unix:$dir/other.sock; }"
	nginx_again
	fetch /sock
	halt other
}
nginx_syslog() { nginx_conf '' '' "syslog:server=127.0.0.1:$((base + 4)) info"; nginx_again; fetch /none; }
nginx_resolver() {
	nginx_conf '' "resolver 127.0.0.1:$((base + 5)) ipv6=off; resolver_timeout 1s; location /name { set \$up \"no.example\"; proxy_pass http://\$up; }"
	nginx_again
	fetch /name
}

nginx_deviate() {
	# what its predecessor added is gone when the next one reads its file: only the new one is new
	deviate nginx nginx_new_listener ".destination.port == $((base + 2))" "a listener that nobody declared"
	deviate nginx nginx_new_upstream ".destination.port == $((base + 3))" "another port of the same host"
	deviate nginx nginx_new_unix '.message | contains("other.sock")' "a unix socket"
	deviate nginx nginx_syslog ".destination.port == $((base + 4)) and .network.transport == \"udp\"" "log lines over UDP"
	deviate nginx nginx_resolver ".destination.port == $((base + 5))" "a name server of its own"
}

# ---- redis: clients over TCP, and a replica ----

has_redis() { [ -x /usr/bin/redis-server ] && [ -n "$(program redis-cli)" ]; }
redis_program() { program redis-server; } # its file: it goes by the name that it is started under
redis_accept() { :; }

redis_start() {
	mkdir -p "$dir/redis"
	launch redis /usr/bin/redis-server --port $((base + 10)) --bind 127.0.0.1 --dir "$dir/redis" --unixsocket "$dir/redis/sock" \
		--daemonize no --enable-debug-command yes
	up $((base + 10)) redis
}

redis_stop() { halt redis; }

ask() { redis-cli -p $((base + 10)) "$@" > /dev/null 2>&1 || true; }

redis_load() {
	for n in 1 2 3 4 5; do
		ask set "key$n" "$n"
		redis-cli -s "$dir/redis/sock" get "key$n" > /dev/null 2>&1 || true
	done
	ask bgsave
}

redis_port() { ask config set port $((base + 11)); sleep 2; redis_stop; redis_start; }
redis_replica() { ask replicaof 127.0.0.1 $((base + 12)); sleep 2; ask replicaof no one; }
redis_migrate() { ask set moved 1; ask migrate 127.0.0.1 $((base + 13)) moved 0 500; }
redis_bind() { ask config set bind "127.0.0.1 127.0.0.2"; }
redis_ipv6() { ask migrate ::1 $((base + 14)) moved 0 500; }

redis_deviate() {
	deviate redis redis_port ".destination.port == $((base + 11))" "another port to listen on"
	deviate redis redis_replica ".destination.port == $((base + 12))" "a replica of a server that nobody declared"
	deviate redis redis_migrate ".destination.port == $((base + 13))" "a key moved to another server"
	deviate redis redis_bind '.destination.ip == "127.0.0.2"' "another address to listen on"
	deviate redis redis_ipv6 ".destination.port == $((base + 14)) and .destination.ip == \"::1\"" "a key moved over IPv6"
}

# ---- postgresql: clients, workers, and programs that it starts ----

pg=$(find /usr/lib/postgresql -path '*/bin/postgres' -printf '%h\n' 2> /dev/null | sort -V | tail -n 1)
has_postgresql() { [ -n "$pg" ] && id postgres > /dev/null 2>&1; }
postgresql_program() { readlink -f "$pg"/postgres; }
postgresql_accept() { :; }

as_postgres() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }

postgresql_start() {
	[ -d "$dir/pg" ] || {
		mkdir "$dir/pg"
		chown postgres "$dir/pg"
		as_postgres "$pg"/initdb -D "$dir/pg/data" -A trust > "$dir/postgresql.out" 2>&1 || true
	}
	launch postgresql setpriv --reuid postgres --regid postgres --init-groups "$pg"/postgres -D "$dir/pg/data" -p $((base + 20)) \
		-k "$dir/pg" -c listen_addresses=127.0.0.1
	up $((base + 20)) postgresql
}

postgresql_stop() { kill -INT "$(cat "$dir/postgresql.main")" 2> /dev/null || true; halt postgresql; }

sql() { as_postgres psql -q -h 127.0.0.1 -p $((base + 20)) -d postgres -c "$1" > /dev/null 2>&1 || true; }

postgresql_load() {
	sql 'create table if not exists t (n int)'
	for n in 1 2 3; do
		sql "insert into t values ($n)"
		as_postgres psql -q -h "$dir/pg" -p $((base + 20)) -d postgres -c 'select sum(n) from t' > /dev/null 2>&1 || true
	done
	sql "copy (select 1) to program 'cat > /dev/null'"
}

postgresql_exec() { sql "copy (select 1) to program '/bin/bash -c true'"; }
postgresql_udp() { sql "copy (select 1) to program '/bin/bash -c \"echo x > /dev/udp/127.0.0.1/$((base + 22))\"'"; }
postgresql_connects() { sql "copy (select 1) to program '/bin/bash -c \"exec 3<>/dev/tcp/127.0.0.1/$((base + 21))\"'"; }
postgresql_port() { # without a unix socket, whose name has the port
	postgresql_stop
	launch postgresql setpriv --reuid postgres --regid postgres --init-groups "$pg"/postgres -D "$dir/pg/data" -p $((base + 23)) \
		-k "" -c listen_addresses=127.0.0.1
	up $((base + 23)) postgresql
	postgresql_stop
	postgresql_start
}
postgresql_standby() {
	as_postgres sh -c "printf \"primary_conninfo = 'host=127.0.0.1 port=$((base + 24))'\n\" >> $dir/pg/data/postgresql.auto.conf; touch $dir/pg/data/standby.signal"
	postgresql_stop
	postgresql_start
	sleep 2
	as_postgres rm -f "$dir/pg/data/standby.signal"
}

postgresql_deviate() {
	deviate postgresql postgresql_exec '.rule.id == "unexpected_exec"' "a program that it never started"
	deviate postgresql postgresql_udp ".destination.port == $((base + 22))" "a shell of its own sends UDP"
	deviate postgresql postgresql_port ".destination.port == $((base + 23))" "another port to listen on"
	deviate postgresql postgresql_connects ".destination.port == $((base + 21))" "a shell of its own connects"
	deviate postgresql postgresql_standby ".destination.port == $((base + 24))" "a primary that nobody declared"
}
