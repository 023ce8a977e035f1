import HTTPTypes
import Hummingbird
import Profiles
import Reconciliation

/// `GET /api/profiles/{id}/export` and `POST /api/profiles/import`: profiles on their way out and in.
struct TransferRoutes {
    let desk: ProfileDesk

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
        let name = try desk.option("format", of: request) ?? ProfileExport.envelope.rawValue
        guard let form = ProfileExport(rawValue: name) else {
            let names = ProfileExport.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(.validationError, "'format' must be one of \(names).", parameter: "format")
        }
        let bytes = try await desk.with(id) { () throws(ProfileError) in
            try await desk.service.export(id, as: form, at: desk.configuration.now())
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: form == .yaml ? "application/yaml" : "application/json",
                .contentLength: String(bytes.count),
                .contentDisposition: ContentDisposition(saving: "\(id).\(form.fileExtension)").headerValue,
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
        if !isYAML, let fault = JSONSyntax(bytes).fault { throw APIError.malformed(fault) }
        let source = ProfileImport.Source(name: BodyFindings.file, bytes: bytes)
        let results = try await desk.service.importAll(
            [source],
            replacing: replaces,
            // As in every body: miLLM's clients may send more than this server knows.
            ignoringUnknownKeys: true
        )
        guard let imported = results.first else { preconditionFailure("as many come out as went in") }
        return try await desk.answer(imported.file, warnings: imported.warnings)
    }
}
