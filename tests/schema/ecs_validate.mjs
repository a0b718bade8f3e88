// SPDX-License-Identifier: Apache-2.0
// Is every record valid ECS? Each field outside of the own namespace must be in Elastic's official list, of its type, a list
// where it is a list, and with an allowed value. Usage: node ecs_validate.mjs FOLDER_OF_PACKAGES FILE...   (JSON lines)
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const OWN = 'postern';
const [folder, ...files] = process.argv.slice(2);
const { EcsFlat: fields, EcsVersion: version } = createRequire(resolve(folder, 'package.json'))('@elastic/ecs');

const isText = (v) => typeof v === 'string';
const isWhole = (v) => Number.isSafeInteger(v);
const isNumber = (v) => typeof v === 'number' && Number.isFinite(v);
const isDate = (v) => isText(v) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(v) && !Number.isNaN(Date.parse(v));

const checks = new Map(Object.entries({
	keyword: isText, constant_keyword: isText, wildcard: isText, text: isText, match_only_text: isText,
	long: isWhole, integer: isWhole, short: isWhole, float: isNumber, double: isNumber, scaled_float: isNumber,
	boolean: (v) => typeof v === 'boolean', date: isDate, ip: (v) => isText(v) && isIP(v) > 0,
}));

// every prefix of a field's name: "process.parent" is a place for fields, though no field itself
const places = new Set();
for (const name of Object.keys(fields)) {
	const parts = name.split('.');
	for (let i = 1; i < parts.length; i++)
		places.add(parts.slice(0, i).join('.'));
}

function* problemsOfValue(name, field, value) {
	const check = checks.get(field.type);

	if (!check)
		yield `${name}: this validator does not know type ${field.type}`;
	else if (!check(value))
		yield `${name}: ${JSON.stringify(value)} is not of type ${field.type}`;
	if (field.allowed_values && !field.allowed_values.some((allowed) => allowed.name === value))
		yield `${name}: ${value} is not allowed`;
	if (field.expected_values && !field.expected_values.includes(value))
		yield `${name}: ${value} is not expected`;
	if (field.pattern && !new RegExp(field.pattern).test(value))
		yield `${name}: ${value} does not match ${field.pattern}`;
	if (field.ignore_above && isText(value) && value.length > field.ignore_above)
		yield `${name}: more than ${field.ignore_above} characters are not indexed`;
}

function* problemsOfField(name, field, value) {
	const isList = field.normalize.includes('array');

	if (isList !== Array.isArray(value)) {
		yield `${name}: ${isList ? 'must be a list' : 'must not be a list'}`;
		return;
	}
	for (const one of isList ? value : [value])
		yield* problemsOfValue(name, field, one);
}

function* problemsOfObject(prefix, object) {
	for (const [key, value] of Object.entries(object)) {
		const name = prefix + key;

		if (name === OWN)
			continue;
		if (fields[name])
			yield* problemsOfField(name, fields[name], value);
		else if (places.has(name) && value && typeof value === 'object' && !Array.isArray(value))
			yield* problemsOfObject(name + '.', value);
		else
			yield `${name}: no such field in ECS ${version}`;
	}
}

// an event.type belongs to at least one of the record's categories
function* problemsOfCategory(event) {
	const known = fields['event.category'].allowed_values;
	const categories = known.filter((category) => event.category?.includes?.(category.name));
	const expected = new Set(categories.flatMap((category) => category.expected_event_types ?? []));

	for (const type of Array.isArray(event.type) ? event.type : [])
		if (expected.size && !expected.has(type))
			yield `event.type: ${type} does not go with event.category ${event.category}`;
}

const ALWAYS = ['@timestamp', 'ecs.version', 'message', 'event.id', 'event.kind', 'event.action', 'event.dataset', 'event.module',
	'event.provider', 'event.category', 'event.type', 'event.sequence', 'agent.type', 'agent.version', 'agent.id', 'agent.ephemeral_id',
	'host.id', 'host.name', 'host.hostname', 'host.architecture', 'host.boot.id', 'host.os.type', 'host.os.platform', 'host.os.name',
	'host.os.version', 'host.os.kernel'];

function* problemsOf(record) {
	yield* problemsOfObject('', record);
	yield* problemsOfCategory(record.event ?? {});
	for (const name of ALWAYS)
		if (name.split('.').reduce((at, part) => at?.[part], record) === undefined)
			yield `${name}: missing`;
	if (record.ecs?.version !== '9.4.0')
		yield `ecs.version: ${record.ecs?.version} is not 9.4.0`;
}

let records = 0;
let errors = 0;
for (const file of files) {
	readFileSync(file, 'utf8').split('\n').forEach((line, index) => {
		let found;

		if (!line)
			return;
		records++;
		try {
			found = [...problemsOf(JSON.parse(line))];
		} catch (error) {
			found = [`no JSON: ${error.message}`];
		}
		if (Buffer.byteLength(line) >= 8192)
			found.push('longer than 8192 bytes');
		for (const problem of found)
			console.log(`${file}:${index + 1}: ${problem}`);
		errors += found.length;
	});
}
console.log(`${records} records, ${errors} errors (ECS ${version})`);
process.exit(errors || !records ? 1 : 0);
