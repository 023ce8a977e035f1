import HTTPTypes
import Profiles

/// The description of the whole API for programs: OpenAPI 3.1.
struct OpenAPIDocument: Sendable {
    /// Every operation there is.
    let operations: [APIOperation]
    /// Whether the server asks for a token.
    let hasTokens: Bool

    init(operations: [APIOperation] = .management + .inference + .operation, hasTokens: Bool) {
        self.operations = operations
        self.hasTokens = hasTokens
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            JSONValue.Member("openapi", "3.1.1"),
            JSONValue.Member(
                "info",
                [
                    "title": "miLLM Profiles",
                    "version": .string(Product.version),
                    "description": """
                    Steering profiles for a running language model. Answers under /api stand in an envelope of \
                    `success`, `data` and `error`; those under /v1 are OpenAI's. Unknown fields of a body are ignored, \
                    and named in the answer's `warnings`; those of a stream stand in its last chunk.
                    """,
                    "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
                ]
            ),
            JSONValue.Member("servers", [["url": "/"]]),
            JSONValue.Member(
                "tags",
                .array(
                    APIOperation.Tag.allCases.map {
                        ["name": .string($0.rawValue), "description": .string($0.description)]
                    }
                )
            ),
            JSONValue.Member("paths", paths),
            JSONValue.Member("components", components),
        ]
        if hasTokens { members.append(JSONValue.Member("security", [["token": []]])) }
        return .object(members)
    }

    // MARK: - Paths

    private var paths: JSONValue {
        var order: [String] = []
        var items: [String: [JSONValue.Member]] = [:]
        for operation in operations {
            if items[operation.path] == nil { order.append(operation.path) }
            let member = JSONValue.Member(operation.method.rawValue.lowercased(), json(of: operation))
            items[operation.path, default: []].append(member)
        }
        return .object(order.map { JSONValue.Member($0, .object(items[$0] ?? [])) })
    }

    private func json(of operation: APIOperation) -> JSONValue {
        var members: [JSONValue.Member] = [
            JSONValue.Member("operationId", .string(operation.name)),
            JSONValue.Member("tags", [.string(operation.tag.rawValue)]),
            JSONValue.Member("summary", .string(operation.summary)),
        ]
        if !operation.parameters.isEmpty {
            members.append(JSONValue.Member("parameters", .array(operation.parameters.map(Self.json))))
        }
        if let body = operation.body {
            let json: JSONValue = ["required": .bool(body.isRequired), "content": Self.json(of: body.contents)]
            members.append(JSONValue.Member("requestBody", json))
        }
        members.append(JSONValue.Member("responses", responses(of: operation)))
        if hasTokens, operation.access == .open { members.append(JSONValue.Member("security", [])) }
        return .object(members)
    }

    private static func json(of parameter: APIOperation.Parameter) -> JSONValue {
        let json: JSONValue = [
            "name": .string(parameter.name),
            "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.place == .path),
            "description": .string(parameter.meaning),
            "schema": parameter.schema.json,
        ]
        return parameter.example.map { json.adding(JSONValue.Member("example", $0)) } ?? json
    }

    private static func json(of contents: [APIOperation.Content]) -> JSONValue {
        .object(contents.map { JSONValue.Member($0.mediaType, ["schema": $0.schema.json]) })
    }

    // MARK: - Responses

    private func responses(of operation: APIOperation) -> JSONValue {
        let answers = operation.answers.map { answer in
            Self.response(
                answer.status,
                answer.meaning,
                headers: [.requestID] + answer.headers,
                content: Self.json(of: answer.contents)
            )
        }
        var codes = operation.allErrors
        if hasTokens, operation.access != .open {
            codes += [.unauthorized] + (operation.access == .write ? [.forbidden] : [])
        }
        let statuses = Set(codes.map(\.status.code)).subtracting(operation.answers.map(\.status.code)).sorted()
        let failures = statuses.map { status in
            failure(codes.filter { $0.status.code == status }, shape: operation.errorShape)
        }
        return .object(answers + failures)
    }

    /// The answer for the codes of one status.
    private func failure(_ codes: [APIErrorCode], shape: ErrorShape) -> JSONValue.Member {
        let status = codes.first?.status ?? .internalServerError
        let names = Set(codes.map(\.name)).sorted().map { shape == .openAI ? $0.lowercased() : $0 }
        var headers: [APIOperation.Header] = [.requestID]
        if !codes.allSatisfy({ $0 != .unauthorized && $0 != .forbidden }) { headers.append(.authenticate) }
        if [429, 503].contains(status.code) { headers.append(.retryAfter) }
        let schema = shape == .openAI ? Schema.openAIFailure(names) : Schema.failure(names)
        return Self.response(
            status,
            names.joined(separator: ", "),
            headers: headers,
            content: Self.json(of: [APIOperation.Content("application/json", schema)])
        )
    }

    private static func response(
        _ status: HTTPResponse.Status,
        _ meaning: String,
        headers: [APIOperation.Header],
        content: JSONValue
    ) -> JSONValue.Member {
        let headers = headers.map { header in
            JSONValue.Member(header.rawValue, ["$ref": .string("#/components/headers/\(header.rawValue)")])
        }
        return JSONValue.Member(
            String(status.code),
            ["description": .string(meaning), "headers": .object(headers), "content": content]
        )
    }

    // MARK: - Components

    private var components: JSONValue {
        let schemas = SchemaName.allCases.map { JSONValue.Member($0.rawValue, $0.schema.json) }
        let headers = APIOperation.Header.allCases.map { header in
            JSONValue.Member(
                header.rawValue,
                ["description": .string(header.meaning), "schema": Schema.text().json]
            )
        }
        var members = [JSONValue.Member("schemas", .object(schemas)), JSONValue.Member("headers", .object(headers))]
        if hasTokens {
            let scheme: JSONValue = [
                "type": "http",
                "scheme": "bearer",
                "description":
                    "The write token allows everything, the read token all that changes no profile or steering.",
            ]
            members.append(JSONValue.Member("securitySchemes", .object([JSONValue.Member("token", scheme)])))
        }
        return .object(members)
    }
}
