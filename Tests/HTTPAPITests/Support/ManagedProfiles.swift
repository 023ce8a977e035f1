import Foundation
import HTTPAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// The whole API over a real directory, which a real loader applies to a core without a model.
struct ManagedProfiles {
    let root: String
    let core: EchoCore
    let loader: ProfileLoader
    let service: ProfileService

    var profiles: String { root + "/profiles" }
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Runs the body over a directory with two profiles, `night` and `dawn`, and one with errors, `broken`.
    ///
    /// - Parameters:
    ///   - hasSAE: Whether the SAE is attached.
    ///   - patience: How long a writer waits for another one.
    static func with(
        sae: TinySAE = TinySAE(),
        hasSAE: Bool = true,
        core: EchoCore = EchoCore(),
        patience: Duration = .seconds(5),
        _ body: (ManagedProfiles) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { root in
            try sae.write(to: root + "/tiny-sae")
            let managed = try ManagedProfiles(root: root, hasSAE: hasSAE, core: core, patience: patience)
            try managed.write("version: 1\nname: Night\nsteering:\n  3: 2.5\n  7: -1\n", to: "night.yaml")
            try managed.write("version: 1\nname: Dawn\ndescription: Early.\nsteering: {4: 1}\n", to: "dawn.yaml")
            try managed.write("version: 1\nname: [Broken]\nsteering: {}\n", to: "broken.yaml")
            try await body(managed)
        }
    }

    /// The same directory under a daemon that has just started.
    func restarted() throws -> ManagedProfiles {
        try ManagedProfiles(root: root, hasSAE: true, core: EchoCore(), patience: .seconds(5))
    }

    private init(root: String, hasSAE: Bool, core: EchoCore, patience: Duration) throws {
        self.root = root
        self.core = core
        let profiles = root + "/profiles"
        try FileManager.default.createDirectory(atPath: profiles, withIntermediateDirectories: true)
        let sae = hasSAE ? try SparseAutoencoder(directory: root + "/tiny-sae", id: nil) : nil
        let forceRecord = ForceRecord(
            in: try StateDirectory(forProfilesIn: profiles, environment: ["XDG_STATE_HOME": root + "/state"])
        )
        let repository = DirectoryRepository(path: profiles, forceRecord: forceRecord, patience: patience)
        loader = ProfileLoader(
            directory: repository.reader,
            core: core,
            sae: sae,
            statusFile: nil,
            forceRecord: forceRecord,
            logger: logger
        )
        service = ProfileService(repository: repository, core: core, sae: sae, controller: loader)
    }

    /// Writes a profile's file the way editors that replace files do.
    func write(_ text: String, to name: String) throws {
        try text.write(toFile: profiles + "/" + name, atomically: true, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: profiles + "/" + name, encoding: .utf8)
    }

    /// What the link `active` holds; nil if there is none.
    var link: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: profiles + "/active") }

    var router: Router<APIRequestContext> { router(token: nil) }

    func router(token: BearerToken?) -> Router<APIRequestContext> {
        buildRouter(
            core: core,
            resolver: service,
            service: service,
            controller: loader,
            readiness: Readiness(),
            configuration: APIConfiguration(
                tokens: AccessTokens(write: token, read: nil),
                directory: profiles,
                now: { Timestamp(microseconds: 1_769_774_400_000_000) }
            )
        )
    }

    /// Sends one request straight to the router, and holds the answer against the OpenAPI document.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        headers: HTTPFields = [:],
        token: BearerToken? = nil
    ) async throws -> Answered {
        var headers = headers
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let answer = try await Application(router: router(token: token)).test(.router) { [headers] client in
            let buffer = body.map { ByteBuffer(string: $0) }
            return Answered(try await client.executeRequest(uri: path, method: method, headers: headers, body: buffer))
        }
        (token == nil ? Contract.open : .guarded).check(method, path, answer)
        checkSecrecy(path, answer)
        return answer
    }

    /// Where the directory lies, and what the system said, is nobody's business; the status tells it on purpose.
    private func checkSecrecy(_ path: String, _ answer: Answered) {
        guard path != "/api/status" else { return }
        for secret in [root, "errno", "No such file", "denied", ".swift", "Glibc", "Foundation", "NIO"] {
            #expect(!answer.text.contains(secret), "\(path) tells '\(secret)': \(answer.text)")
        }
    }

    /// Sends a request that should be refused, and tells status and code; no answer may tell where the directory is.
    func refusal(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Refusal {
        let answer = try await send(method, path, body, headers: headers)
        let json = try answer.json
        return Refusal(
            status: answer.status,
            code: json["success"] == false && json["data"] == JSON.null ? json["error"]?["code"]?.string : nil,
            tellsPath: answer.text.contains("millm t")
        )
    }
}

/// How a request was refused.
struct Refusal: Hashable {
    var status: Int
    /// Nil for an answer that is not an error in the envelope.
    var code: String?
    /// Whether the answer holds a part of the directory's path.
    var tellsPath = false
}
