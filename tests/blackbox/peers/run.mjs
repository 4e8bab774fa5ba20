// Payloads made up from a seed, read by `paso decode` and by the npm packages mrz, bcbp and aamva-parser, field by field.
// Usage: run.mjs BIN_DIR [COUNT [SEED]]. A difference is good only when it stands in `judged` with the reason why ours is
// right; any other fails. A judgement that nothing needed fails too, so the list stays true; those marked rare wait for their case.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bin = path.resolve(process.argv[2] ?? "build/release/bin");
const count = Number(process.argv[3] ?? 500);
const seed = process.argv[4] ?? "1";
const today = "2026-11-24";

if (!existsSync(path.join(here, "node_modules"))) {
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--silent"], { cwd: here, stdio: "inherit" });
}
const { parse: readMrz } = await import("mrz");
const { decode: readPass } = await import("bcbp");
const { parse: readCard } = await import("aamva-parser");

// --- Fields: [name, ours, theirs]. What a reader does not have is "".

const text = (value) => value === null || value === undefined ? "" : String(value);
const yymmdd = (date) => text(date).slice(2).replaceAll("-", "");
const digit = { passed: true, failed: false };

function* mrzFields(ours, payload) {
    const lines = payload.trim().split("\n");
    const theirs = readMrz(lines);
    const f = ours.content.fields;
    const t = theirs.fields;
    const format = { TD1: "TD1", TD2: "TD2", TD3: "TD3", "MRV-A": "MRVA", "MRV-B": "MRVB" }[ours.content.format];
    yield ["format", format, text(theirs.format).replace("_", "")];
    yield ["code", f.code, text(t.documentCode)];
    yield ["issuer", f.issuer, text(t.issuingState)];
    yield ["nationality", f.nationality, text(t.nationality)];
    yield ["surname", f.surname, text(t.lastName)];
    yield ["given names", f.given_names, text(t.firstName)];
    yield ["number", f.number, text(t.documentNumber)];
    yield ["sex", f.sex === "unspecified" ? "nonspecified" : f.sex, text(t.sex)];
    yield ["birth", f.birth.length > 0 && f.birth.every((d) => yymmdd(d) === yymmdd(f.birth[0])) ? yymmdd(f.birth[0]) : "",
        text(t.birthDate)];
    yield ["expiry", f.expiry.length > 0 ? yymmdd(f.expiry[0]) : "", text(t.expirationDate)];
    yield ["optional", f.optional_1, text(t.optional1 ?? t.personalNumber ?? t.optional)];
    for (const [mine, field] of [["number", "documentNumberCheckDigit"], ["birth", "birthDateCheckDigit"],
        ["expiry", "expirationDateCheckDigit"], ["composite", "compositeCheckDigit"]]) {
        const detail = theirs.details.find((d) => d.field === field);
        if (detail) yield [mine + " check digit", text(digit[ours.content.check_digits[mine]]), text(detail.valid)];
    }
}

const dayOfYear = (date) => date ? Math.round((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) -
    Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1 : "";

function* passFields(ours, payload) {
    const { data, meta } = readPass(payload, 2026);
    const o = ours.content;
    yield ["name", o.name, text(data.passengerName).trim()];
    yield ["electronic ticket", text(o.electronic_ticket), text(meta.electronicTicketIndicator === "E")];
    yield ["version", text(o.version), text(meta.versionNumber ?? 0)];  // no conditional part, so none: 0 in ours
    yield ["legs", o.legs.length, data.legs.length];
    for (const [mine, theirs] of [["passenger_description", "passengerDescription"], ["check_in_source", "checkInSource"],
        ["issuance_source", "boardingPassIssuanceSource"], ["document_type", "documentType"],
        ["issuer", "boardingPassIssuerDesignator"]]) {
        yield [mine, text(o[mine]).trim(), text(data[theirs]).trim()];
    }
    yield ["bag tags", (o.bag_tags ?? []).join(" "),
        [data.baggageTagNumber, data.firstBaggageTagNumber, data.secondBaggageTagNumber].filter(Boolean).join(" ")];
    yield ["security data", text(o.security_data_present), text(data.securityDataType !== undefined)];
    for (const [i, leg] of o.legs.entries()) {
        const l = data.legs[i] ?? {};
        yield ["day of the flight", text(leg.day_of_year), text(dayOfYear(l.flightDate))];
        yield ["fast track", text(leg.fast_track).trim(), l.fastTrack === undefined ? "" : l.fastTrack ? "Y" : "N"];
        for (const [mine, theirs] of [["record_locator", "operatingCarrierPNR"], ["from", "departureAirport"],
            ["to", "arrivalAirport"], ["carrier", "operatingCarrierDesignator"], ["flight", "flightNumber"],
            ["compartment", "compartmentCode"], ["seat", "seatNumber"], ["sequence", "checkInSequenceNumber"],
            ["passenger_status", "passengerStatus"], ["airline_number", "airlineNumericCode"],
            ["document_number", "serialNumber"], ["selectee", "selecteeIndicator"],
            ["documents_verification", "internationalDocumentationVerification"],
            ["marketing_carrier", "marketingCarrierDesignator"], ["frequent_flyer_airline", "frequentFlyerAirlineDesignator"],
            ["frequent_flyer_number", "frequentFlyerNumber"], ["id_ad", "idIndicator"], ["free_bags", "freeBaggageAllowance"],
            ["airline_use", "airlineInfo"]]) {
            yield [mine, text(leg[mine]).trim(), text(l[theirs]).trim()];
        }
    }
}

function* cardFields(ours, payload) {
    const o = ours.content;
    const t = readCard(payload);
    const day = (d) => d instanceof Date && !Number.isNaN(d.valueOf()) ? d.toISOString().slice(0, 10) : text(d);
    yield ["version", o.version, Number(t.version)];
    yield ["number", o.number, text(t.driversLicenseId)];
    yield ["family name", o.family_name, text(t.lastName)];
    yield ["given names", o.given_names, text(t.firstName)];
    yield ["middle names", text(o.middle_names), text(t.middleName)];
    yield ["birth", o.birth, day(t.dateOfBirth)];
    yield ["expiry", o.expiry, day(t.expirationDate)];
    yield ["issued", o.issued, day(t.issueDate)];
    yield ["sex", { M: "Male", F: "Female" }[o.sex], text(t.gender)];
    yield ["street", o.street, text(t.streetAddress)];
    yield ["city", o.city, text(t.city)];
    yield ["jurisdiction", o.jurisdiction, text(t.state)];
    yield ["postal code", o.postal_code, text(t.postalCode)];
    yield ["discriminator", o.discriminator, text(t.documentId)];
    yield ["country", o.country, text(t.countryCode)];
}

const kinds = {
    mrz: { kind: "Mrz", peer: "mrz", fields: mrzFields, encoding: "ascii" },
    pass: { kind: "BoardingPass", peer: "bcbp", fields: passFields, encoding: "latin1" },
    card: { kind: "DrivingLicence", peer: "aamva-parser", fields: cardFields, encoding: "latin1" },
};

// --- Judgements: where the two differ and ours is right, by kind and field.

const visa = (payload) => payload.startsWith("V");
const ids = { birth: "DBB", expiry: "DBA", issued: "DBD", sex: "DBC", city: "DAI", country: "DCG", discriminator: "DCF",
    jurisdiction: "DAJ", "middle names": "DAD", "family name": "DCS", "given names": "DAC", street: "DAG",
    "postal code": "DAK" };
const judged = [
    ...["format", "code", "composite check digit"].map((field) => ({ kind: "mrz", field,
        when: (ours, theirs, payload) => visa(payload),
        why: "what begins with V is a visa (Doc 9303-7), which has no composite check digit; mrz reads a passport or a card" })),
    { kind: "mrz", field: "issuer", when: (ours, theirs) => ours === "UTO" && theirs === "",
        why: "mrz takes no State that it has not in its list; Utopia is the State of the standard's examples" },
    { kind: "mrz", field: "birth", when: (ours, theirs) => ours === "" && theirs.includes("<<"),
        why: "a part of the date is unknown (Doc 9303-3 4.8): ours gives the days it may be, mrz the characters" },
    { kind: "mrz", field: "optional", when: (ours, theirs, payload) => payload[14] === "<" && payload[15] !== "<",
        why: "the document number goes on in the optional field (Doc 9303-5, note j): ours leaves it out there, mrz does not" },
    { kind: "mrz", field: "given names", when: (ours, theirs, payload, all) => ours === "" && theirs === all.content.fields.surname,
        why: "one name that fills its field: ours knows no given name, mrz gives the same name twice" },
    ...["birth", "expiry", "issued"].map((field) => ({ kind: "card", field,
        when: (ours, theirs, payload) => payload.includes("\nDCGCAN"),
        why: "Canada writes the year first; aamva-parser reads the month first on every card" })),
    ...Object.entries(ids).map(([field, id]) => ({ kind: "card", field, rare: true,
        when: (ours, theirs, payload) => payload.replaceAll(`\n${id}`, "").includes(id),
        why: `aamva-parser looks for ${id} anywhere, in other values too; ours where an element begins` })),
];

// --- The run

const folder = mkdtempSync(path.join(os.tmpdir(), "paso-peers-"));
let bad = 0;
try {
    execFileSync(path.join(bin, "paso-samples"), [folder, String(count), seed]);
    for (const [prefix, { kind, peer, fields, encoding }] of Object.entries(kinds)) {
        const files = Array.from({ length: count }, (_, i) => path.join(folder, `${prefix}-${i}.txt`));
        const answers = execFileSync(path.join(bin, "paso"), ["decode", "--date", today, ...files],
            { encoding: "utf8", maxBuffer: 1 << 28 }).trim().split("\n").map((line) => JSON.parse(line));
        const table = new Map();
        answers.forEach((ours, i) => {
            const payload = readFileSync(files[i], encoding);
            if (ours.kind !== kind) throw new Error(`${files[i]} is read as ${ours.kind}: ${payload}`);
            for (const [field, mine, theirs] of fields(ours, payload)) {
                const row = table.get(field) ?? { same: 0, judged: 0 };
                table.set(field, row);
                const judgement = judged.find((j) => j.kind === prefix && j.field === field && j.when(mine, theirs, payload, ours));
                if (mine === theirs) {
                    row.same += 1;
                } else if (judgement) {
                    judgement.used = true;
                    row.judged += 1;
                } else {
                    bad += 1;
                    const [a, b, whole] = [mine, theirs, payload].map((v) => JSON.stringify(v));
                    if (bad <= 20) console.log(`${prefix} ${field}: ours ${a}, ${peer} ${b}, in ${whole}`);
                }
            }
        });
        console.log(`${kind} beside ${peer}: ${count} payloads, seed ${seed}`);
        for (const [field, { same, judged: known }] of table) {
            console.log(`  ${field.padEnd(24)} ${String(same).padStart(6)} same ${String(known).padStart(6)} judged`);
        }
    }
    for (const j of judged) {
        if (j.used) console.log(`${j.kind}, ${j.field}: ${j.why}`);
        if (!j.used && !j.rare) {
            bad += 1;
            console.log(`${j.kind}, ${j.field}: nothing needed this judgement, is it still true? ${j.why}`);
        }
    }
} finally {
    rmSync(folder, { recursive: true, force: true });
}
console.log(bad === 0 ? "every difference is judged" : `${bad} differences without a judgement`);
process.exit(bad === 0 ? 0 : 1);
