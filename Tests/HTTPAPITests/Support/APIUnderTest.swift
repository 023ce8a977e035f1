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

/// The API before a core without a model and fixed profiles.
struct APIUnderTest {
    var core = EchoCore()
    var plans: [String: Result<SteeringPlan, ProfileError>] = [:]
    var status = LoaderStatus(
        pid: 4711,
        mode: .inotify,
        model: LoaderStatus.Model(name: "Echo-1B", embeddingSize: 8, layerCount: 4),
        sae: nil
    )
    var readiness = Readiness()
    var configuration = APIConfiguration(now: { Timestamp(microseconds: 1_700_000_000_500_000) })
    var limits = ConnectionLimits()
    var log = LogRecord()

    var application: some ApplicationProtocol {
        let controller = FixedController(status: status)
        let router = buildRouter(
            core: core,
            resolver: FixedResolver(plans: plans),
            service: ProfileService(
                repository: DirectoryRepository(path: "nowhere"),
                core: core,
                sae: nil,
                controller: controller
            ),
            controller: controller,
            readiness: readiness,
            configuration: configuration
        )
        var logger = Logger(label: "test") { [log] _ in log.handler }
        logger.logLevel = .info
        let connections = ConnectionTable(limits, logger: logger)
        return Application(
            router: router,
            server: connections.server,
            configuration: ApplicationConfiguration(availableConnectionsDelegate: connections),
            logger: logger
        )
    }

    /// Sends one request straight to the router, and holds the answer against the OpenAPI document.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> Answered {
        let answer = try await application.test(.router) { client in
            let body = body.map { ByteBuffer(string: $0) }
            return Answered(try await client.executeRequest(uri: path, method: method, headers: headers, body: body))
        }
        (configuration.tokens == nil ? Contract.open : .guarded).check(method, path, answer)
        return answer
    }

    /// Posts JSON straight to the router.
    func post(_ path: String, _ body: String) async throws -> Answered {
        try await send(.post, path, headers: [.contentType: "application/json"], body: body)
    }

    /// Posts a chat request with one message, `hello big world`, and other fields.
    func chat(_ fields: String = "") async throws -> Answered {
        try await post("/v1/chat/completions", Self.chatBody(fields))
    }

    static func chatBody(_ fields: String = "") -> String {
        #"{"messages":[{"role":"user","content":"hello big world"}]\#(fields.isEmpty ? "" : ",")\#(fields)}"#
    }
}

struct FixedResolver: PlanResolver {
    var plans: [String: Result<SteeringPlan, ProfileError>]

    func plan(for name: String) async throws(ProfileError) -> SteeringPlan {
        guard let result = plans[name] else {
            throw ProfileError(.notFound, "There is no profile '\(name)'.")
        }
        return try result.get()
    }
}

struct FixedController: SteeringController {
    var status: LoaderStatus

    func statusUpdates() -> AsyncStream<LoaderStatus> {
        AsyncStream { continuation in
            continuation.yield(status)
            continuation.finish()
        }
    }

    var lastApplied: Timestamp? { nil }

    func events(after id: LoaderEvent.ID?) -> LoaderEvent.Page {
        LoaderEvent.Page(snapshot: status, events: [], last: LoaderEvent.ID(run: 1, number: 0))
    }

    func reconcile() async -> LoaderStatus { status }

    func follow(
        _ wanted: ProfileID?,
        isHeld: Bool,
        _ change: @Sendable () async throws(ProfileError) -> Bool
    ) async throws(ProfileError) -> LoaderStatus? {
        try await change() ? status : nil
    }

    func steer(by plan: SteeringPlan) async throws(InferenceError) -> LoaderStatus { status }
}

extension SteeringPlan {
    /// A plan that steers the echo core with one feature.
    static func steering(_ feature: Int, _ strength: Double, profile: String) throws -> SteeringPlan {
        SteeringPlan(
            origin: Origin(profile: try ProfileID(profile), digest: ContentDigest(of: Array(profile.utf8))),
            sae: "echo-l2",
            layer: 2,
            strengths: [feature: strength],
            delta: [Float](repeating: Float(strength), count: 8)
        )
    }
}
