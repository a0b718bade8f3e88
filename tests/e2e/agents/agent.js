// SPDX-License-Identifier: Apache-2.0
// agent.js PORT FILE - as agent.py, but of node: serves numbers on PORT, reports each question to a collector on the next port, and
// does what FILE tells it to.
'use strict';
const { execFileSync } = require('child_process');
const dgram = require('dgram');
const fs = require('fs');
const http = require('http');
const net = require('net');

const port = Number(process.argv[2]);
const orders = process.argv[3];

function connect(where, done) {
	const socket = net.connect(where, () => socket.end('x'));
	socket.on('error', () => {});
	socket.on('close', done);
}

function udp(where, done) {
	const socket = dgram.createSocket('udp4');
	socket.send('x', where, '127.0.0.1', () => socket.close(done));
}

const deeds = {
	tcp: (what, done) => connect({ host: '127.0.0.1', port: Number(what) }, done),
	udp: (what, done) => udp(Number(what), done),
	listen: (what, done) => net.createServer().listen(Number(what), '127.0.0.1', done),
	unix: (what, done) => connect({ path: what }, done),
	execute: (what, done) => { execFileSync(what); done(); },
};

http.createServer((request, response) => {
	const done = () => response.end();
	if (fs.existsSync(orders)) {
		const [deed, what] = fs.readFileSync(orders, 'ascii').trim().split(' ');
		fs.unlinkSync(orders);
		deeds[deed](what, done);
	} else {
		deeds.tcp(port + 1, () => deeds.execute('/usr/bin/true', done));
	}
}).listen(port, '127.0.0.1');
