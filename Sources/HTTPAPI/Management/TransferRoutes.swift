import HTTPTypes
import Hummingbird
import Profiles
import Reconciliation

/// `GET /api/profiles/{id}/export` and `POST /api/profiles/import`: profiles on their way out and in.
struct TransferRoutes {
    let desk: ProfileDesk

    /// What a profile can be exported as.
    private enum Format: String {
        case envelope, flat, yaml

        var fileExtension: String { self == .yaml ? "yaml" : "json" }
        var contentType: String { self == .yaml ? "application/yaml" : "application/json" }
    }

    /// The media types that YAML goes by; none of them can be sent by a form on a foreign page.
    private static let yamlTypes: Set<String> = [
        "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/vnd.yaml",
    ]

    func add(to router: Router<APIRequestContext>) {
        for segment in ProfileRoutes.segments {
            router.resource("/api/profiles/\(segment)/export", [.get: { request, _ in try await export(request) }])
        }
    }

    /// The file itself, without the envelope around answers: to be saved, and imported as it is.
    private func export(_ request: Request) async throws -> Response {
        let id = try desk.id(in: request)
        let name = request.uri.queryParameters.get("format") ?? Format.envelope.rawValue
        guard let format = Format(rawValue: name) else {
            throw APIError(.validationError, "'format' must be envelope, flat or yaml.", parameter: "format")
        }
        let file = try await desk.with(id) { () throws(ProfileError) in try await desk.service.repository.profile(id) }
        guard let profile = file.profile else { throw ProfileError.invalid(file) }
        let bytes =
            switch format {
            case .envelope: ProfileEncoder.millmEnvelope(profile, exportedAt: desk.configuration.now())
            case .flat: ProfileEncoder.millmFlat(profile, createdAt: file.createdAt, updatedAt: file.updatedAt)
            case .yaml: ProfileEncoder.yaml(profile)
            }
        return Response(
            status: .ok,
            headers: [
                .contentType: format.contentType,
                .contentLength: String(bytes.count),
                .contentDisposition: ContentDisposition(saving: "\(id).\(format.fileExtension)").headerValue,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    func importProfile(_ request: Request) async throws -> Response {
        var request = request
        let replaces = try desk.flag("replace", of: request) ?? false
        let isYAML = request.mediaType.map(Self.yamlTypes.contains) ?? false
        if !isYAML { try request.requireJSON() }
        let bytes = try await request.readBody(limit: desk.configuration.bodyLimit)
        if !isYAML, let fault = JSONSyntax.fault(in: bytes) {
            throw APIError(.malformedBody, "The body is no JSON: \(fault).")
        }
        let written = try await desk.service.importProfile(bytes, from: "body", replacing: replaces)
        return try await desk.answer(written.file, warnings: written.warnings)
    }
}
