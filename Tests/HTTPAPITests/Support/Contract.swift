import Foundation
import HTTPTypes
import Profiles
import Testing

@testable import HTTPAPI

/// What the OpenAPI document promises, held against every answer of every test.
struct Contract {
    static let open = Contract(hasTokens: false)
    static let guarded = Contract(hasTokens: true)

    let document: JSON

    private init(hasTokens: Bool) {
        let text = OpenAPIDocument(hasTokens: hasTokens).json.text()
        // A document that is no JSON fails each test that looks something up in it.
        document = (try? JSONDecoder().decode(JSON.self, from: Data(text.utf8))) ?? .null
    }

    /// The documented paths with what can be done there.
    var paths: [String: JSON] {
        guard case .object(let paths)? = document["paths"] else { return [:] }
        return paths
    }

    /// Records an issue if the answer is not one that the document promises.
    func check(_ method: HTTPRequest.Method, _ uri: String, _ answer: Answered) {
        guard let template = template(of: uri), let item = paths[template] else {
            #expect([404, 403, 401].contains(answer.status), "\(method) \(uri) is not documented")
            return
        }
        if method == .head, item["get"] != nil { return }
        guard let operation = item[method.rawValue.lowercased()] else {
            #expect([405, 404, 403, 401].contains(answer.status), "\(method) \(template) is not documented")
            return
        }
        guard let response = operation["responses"]?[String(answer.status)] else {
            Issue.record("\(method) \(template) answers \(answer.status), undocumented: \(answer.text)")
            return
        }
        checkHeaders(response, answer, "\(method) \(template)")
        checkBody(response, answer, "\(method) \(template)")
    }

    private func checkHeaders(_ response: JSON, _ answer: Answered, _ name: String) {
        guard case .object(let headers)? = response["headers"] else { return }
        for header in headers.keys where header != "Retry-After" && header != "ETag" {
            #expect(answer.header(header) != nil, "\(name): no \(header)")
        }
        for header in APIOperation.Header.allCases where answer.header(header.rawValue) != nil {
            #expect(headers[header.rawValue] != nil, "\(name): \(header.rawValue) is undocumented")
        }
    }

    private func checkBody(_ response: JSON, _ answer: Answered, _ name: String) {
        let type = answer.header("Content-Type")?.split(separator: ";").first.map(String.init) ?? ""
        guard let content = response["content"]?[type], let schema = content["schema"] else {
            Issue.record("\(name) answers with '\(type)', undocumented")
            return
        }
        guard type == "application/json" else { return }
        do {
            let violations = JSONSchema(document: document).violations(of: schema, by: try answer.json)
            #expect(violations.isEmpty, "\(name) \(answer.status): \(answer.text)")
        } catch {
            Issue.record("\(name) \(answer.status): no JSON: \(answer.text)")
        }
    }

    /// The documented path that a request's path is one of; words go before captures.
    func template(of uri: String) -> String? {
        let parts = uri.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: true)
        let fitting = paths.keys.filter { template in
            let wanted = template.split(separator: "/")
            // A model's name may hold slashes.
            guard wanted.count == parts.count || wanted.last == "{model}" && parts.count > wanted.count else {
                return false
            }
            return zip(wanted, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        return fitting.min { $0.count(where: { $0 == "{" }) < $1.count(where: { $0 == "{" }) }
    }
}
