import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting

/// An answer, read.
struct Answered {
    let status: Int
    let headers: HTTPFields
    let text: String

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        text = String(buffer: response.body)
    }

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }

    var json: JSON {
        get throws { try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }
    }

    /// The `data` of each server-sent event.
    var events: [String] {
        text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { event in
            event.hasPrefix("data: ") ? String(event.dropFirst("data: ".count)) : "not data: \(event)"
        }
    }

    /// The events but the closing `[DONE]`, as JSON.
    var chunks: [JSON] {
        get throws {
            try events.filter { $0 != "[DONE]" }.map { try JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
        }
    }
}
