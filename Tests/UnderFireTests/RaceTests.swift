import Foundation
import FoundationNetworking
import MillmTesting
import ProfileDirectory
import Profiles
import Synchronization
import Testing

/// Clients of the API, the command line and an editor on one active file at the same time.
@Suite(.serialized) struct RaceTests {
    @Test func `no acknowledged update is lost without a trace`() async throws {
        try await LiveDaemon.with { daemon in
            let race = Race(daemon: daemon)
            let end = ContinuousClock.now + .seconds(Scale.count(4, full: 60))
            try await withThrowingTaskGroup { group in
                group.addTask { try await race.collectTraces() }
                try await withThrowingTaskGroup { writers in
                    writers.addTask { try await race.update(by: "PUT", feature: 10, until: end) }
                    writers.addTask { try await race.update(by: "PATCH", feature: 11, until: end) }
                    writers.addTask { try await race.set(feature: 12, until: end) }
                    writers.addTask { try await race.edit(until: end) }
                    try await writers.waitForAll()
                }
                race.finish()
                try await group.waitForAll()
            }
            try await race.judge()
        }
    }
}

/// The racers, and what each was told.
private final class Race: Sendable {
    private struct Log {
        /// The digests of the versions that were acknowledged, with the one that each was based on, where it is known.
        var acknowledged: [(writer: String, digest: String, base: String?)] = []
        var conflicts = 0
        /// Updates that met the editor half way: nothing was written, and they were told so.
        var refusals = 0
        var failures: [String] = []
        var edits = 0
        /// The digests of all that was found in the daemon's state folder at any time.
        var kept: Set<String> = []
        var isFinished = false
    }

    private let daemon: LiveDaemon
    private let log = Mutex(Log())

    init(daemon: LiveDaemon) {
        self.daemon = daemon
    }

    func finish() {
        log.withLock { $0.isFinished = true }
    }

    // MARK: - Racers

    /// Reads the profile and changes it on the condition that it is still so, again and again.
    func update(by method: String, feature: Int, until end: ContinuousClock.Instant) async throws {
        var number = 0
        while .now < end {
            number += 1
            let (status, etag, data) = try await request("GET", body: nil, ifMatch: nil)
            guard status == 200, let profile = data["data"] as? [String: Any], let etag else {
                note(failure: "GET \(status) \(data)")
                continue
            }
            var steering = profile["steering"] as? [String: Double] ?? [:]
            steering["\(feature)"] = Double(number)
            let answer = try await request(method, body: ["steering": steering], ifMatch: etag)
            switch answer.status {
            case 200:
                let digest = Self.digest(answer.etag) ?? ""
                log.withLock { $0.acknowledged.append((method, digest, Self.digest(etag))) }
            case 412: log.withLock { $0.conflicts += 1 }
            // The editor was half way.
            case 400 where "\(answer.data)".contains("INVALID_PROFILE_FORMAT"): log.withLock { $0.refusals += 1 }
            default: note(failure: "\(method) \(answer.status) \(answer.data)")
            }
        }
    }

    func set(feature: Int, until end: ContinuousClock.Instant) async throws {
        var number = 0
        while .now < end {
            number += 1
            let outcome = try await daemon.millm("--format", "json", "set", "p", "\(feature)=\(number)")
            let answer = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            if outcome.status == 0, let digest = Self.digest(answer?["etag"] as? String) {
                log.withLock { $0.acknowledged.append(("set", digest, nil)) }
            } else if outcome.output.contains("CONFLICT") || outcome.output.contains("has been changed") {
                log.withLock { $0.conflicts += 1 }
            } else if outcome.output.contains("INVALID_PROFILE_FORMAT") || outcome.output.contains("NOT_FOUND") {
                log.withLock { $0.refusals += 1 }
            } else {
                note(failure: "set \(outcome.status) \(outcome.output)")
            }
        }
    }

    func edit(until end: ContinuousClock.Instant) async throws {
        var number = 0
        while .now < end {
            number += 1
            let vim = [
                "/usr/bin/vim", "-u", "NONE", "-N", "-es", "-c", "%s/^  3: .*/  3: \(number % 10_000)/", "-c", "wq!",
            ]
            let outcome = try await run(vim + [daemon.profiles + "/p.yaml"])
            if outcome.status == 0 { log.withLock { $0.edits += 1 } }
        }
    }

    /// Notes what the history holds; only its last entries are kept, so it is looked at all the time.
    func collectTraces() async throws {
        var isLast = false
        while !isLast {
            isLast = log.withLock { $0.isFinished }
            try await collect()
        }
    }

    private func collect() async throws {
        let folder = daemon.root + "/state"
        let known = log.withLock { $0.kept }
        let found = try await onThread {
            var found: Set<String> = []
            for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
                let hex = name.split(separator: "/").last.map(String.init) ?? ""
                if known.contains(hex) { continue }
                guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
                found.insert(String(ContentDigest(of: data).description.dropFirst("sha256:".count)))
            }
            return found
        }
        log.withLock { $0.kept.formUnion(found) }
    }

    // MARK: - Judging

    func judge() async throws {
        let log = log.withLock { $0 }
        let last = ContentDigest(of: try Data(contentsOf: URL(filePath: daemon.profiles + "/p.yaml")))
        let status = try await daemon.status { $0.state == .ok && $0.applied?.digest == last }
        let final = String(last.description.dropFirst("sha256:".count))
        let bases = Set(log.acknowledged.compactMap(\.base))
        let lost = log.acknowledged.filter {
            $0.digest != final && !bases.contains($0.digest) && !log.kept.contains($0.digest)
        }
        #expect(log.failures.isEmpty, "\(log.failures.prefix(5))")
        #expect(lost.isEmpty, "\(lost.prefix(5))")
        #expect(log.acknowledged.contains { $0.writer == "PUT" })
        #expect(log.acknowledged.contains { $0.writer == "PATCH" })
        #expect(log.acknowledged.contains { $0.writer == "set" })
        #expect(log.edits > 0)
        let counts = Dictionary(grouping: log.acknowledged, by: \.writer).mapValues(\.count)
        Scale.report(
            "race: acknowledged \(counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")), "
                + "conflicts \(log.conflicts), refused amid an edit \(log.refusals), vim \(log.edits), applies \(status.counters.applies), "
                + "in lineage \(log.acknowledged.count { bases.contains($0.digest) }), lost without a trace \(lost.count)"
        )
    }

    private func note(failure: String) {
        log.withLock { $0.failures.append(failure) }
    }

    /// The hexadecimal digits of an ETag.
    private static func digest(_ etag: String?) -> String? {
        etag?.firstMatch(of: /[0-9a-f]{64}/).map { String($0.output) }
    }

    private func request(
        _ method: String,
        body: [String: Any]?,
        ifMatch: String?
    ) async throws -> (status: Int, etag: String?, data: [String: Any]) {
        guard let url = URL(string: daemon.address + "/api/profiles/p") else { return (0, nil, [:]) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let ifMatch { request.setValue(ifMatch, forHTTPHeaderField: "If-Match") }
        if let body { request.httpBody = try JSONSerialization.data(withJSONObject: body) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let answer = response as? HTTPURLResponse
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        return (answer?.statusCode ?? 0, answer?.value(forHTTPHeaderField: "ETag"), json)
    }
}
