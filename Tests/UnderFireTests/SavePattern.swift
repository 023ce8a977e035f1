import Foundation
import Testing

/// A way in which people's tools save a file (FACTS §2).
///
/// Its command runs in the profile directory. It has the new content in the file `$NEXT` on the same file system and
/// in `$ELSEWHERE` on another, and the new strength in `$S`; it may use up both files.
struct SavePattern: Sendable, CustomTestStringConvertible {
    var name: String
    /// Run once in the profile directory, before the loader starts.
    var preparation = ""
    var command: String
    /// The names whose events tell of the change.
    var names: Set<String> = ["p.yaml"]

    var testDescription: String { name }
}

extension SavePattern {
    /// Saves a version in a profile directory.
    ///
    /// - Parameter profiles: The directory, which has a folder `outside` beside it.
    func save(_ version: Version, in profiles: String) async throws {
        // Split into words by the shell, so that it must not be the whole path, which holds a space.
        let next = "../outside/next.yaml"
        // A new file each time: `ln` has made the last one the profile's.
        try Data(version.bytes).write(to: URL(filePath: profiles + "/" + next), options: .atomic)
        // A file system of its own, in memory.
        let elsewhere = "/dev/shm/millm-\(UUID().uuidString).yaml"
        try Data(version.bytes).write(to: URL(filePath: elsewhere))
        defer { try? FileManager.default.removeItem(atPath: elsewhere) }
        let strength = version.text.firstMatch(of: /3: (\d+)/)?.1 ?? ""
        try await shell(
            command,
            in: profiles,
            environment: [
                "NEXT": next, "ELSEWHERE": elsewhere, "S": String(strength), "MILLM": Products.millm,
            ]
        )
    }

    private static let substitution = "s/^  3: .*/  3: $S/"
    private static let git = "git -c user.name=a -c user.email=a@example.org -c init.defaultBranch=main"

    static let tools: [SavePattern] = [
        SavePattern(name: "1 vim", command: "vim -u NONE -N -es -c \"%\(substitution)\" -c wq p.yaml"),
        SavePattern(
            name: "1 vim, backups kept",
            command: "vim -u NONE -N -es -c 'set backup' -c \"%\(substitution)\" -c wq p.yaml"
        ),
        SavePattern(
            name: "2 vim, backupcopy=yes",
            command: "vim -u NONE -N -es -c 'set backupcopy=yes' -c \"%\(substitution)\" -c wq p.yaml"
        ),
        SavePattern(
            name: "2 vim, hard-linked file",
            preparation: "ln p.yaml ../outside/twin.yaml",
            command: "vim -u NONE -N -es -c \"%\(substitution)\" -c wq p.yaml"
        ),
        SavePattern(name: "3 emacs", command: emacs),
        SavePattern(
            name: "4 nano",
            command: #"""
                type() { sleep 0.4; printf '#\017\r'; sleep 0.2; printf '\030'; }
                type | TERM=xterm timeout 20 script -qec 'nano -I p.yaml' /dev/null > /dev/null
                """#
        ),
        SavePattern(name: "4 cat >", command: "cat $NEXT > p.yaml"),
        SavePattern(name: "4 echo >, in pieces", command: "{ head -c 5000 $NEXT; tail -c +5001 $NEXT; } > p.yaml"),
        SavePattern(
            name: "4 >>, a pause",
            command: "{ head -c 5000 $NEXT; sleep 0.12; tail -c +5001 $NEXT; } > p.yaml"
        ),
        SavePattern(name: "4 tee", command: "tee p.yaml < $NEXT > /dev/null"),
        SavePattern(name: "4 cp", command: "cp $NEXT p.yaml"),
        SavePattern(name: "4 dd, small blocks", command: "dd if=$NEXT of=p.yaml bs=512 status=none"),
        SavePattern(
            name: "5 JetBrains",
            command: "cat $NEXT > ___jb_tmp___; mv p.yaml ___jb_old___; mv ___jb_tmp___ p.yaml; rm ___jb_old___"
        ),
        SavePattern(name: "6 sed -i", command: "sed -i \"\(substitution)\" p.yaml"),
        SavePattern(name: "6 perl -pi", command: "perl -pi -e \"\(substitution)\" p.yaml"),
        SavePattern(name: "6 rsync", command: "rsync --ignore-times $NEXT p.yaml"),
        SavePattern(name: "6 rsync --inplace", command: "rsync --ignore-times --inplace --no-whole-file $NEXT p.yaml"),
        SavePattern(name: "6 mv", command: "mv $NEXT p.yaml"),
        SavePattern(name: "7 mv across file systems", command: "mv $ELSEWHERE p.yaml"),
        SavePattern(name: "7 install", command: "install -m 644 $NEXT p.yaml"),
        SavePattern(name: "7 cp --remove-destination", command: "cp --remove-destination $NEXT p.yaml"),
        SavePattern(name: "7 rm, then cp after a while", command: "rm p.yaml; sleep 0.02; cp $NEXT p.yaml"),
        SavePattern(
            name: "8 git checkout",
            preparation: repository,
            command: commitOnBranch + "; \(git) checkout -q next"
        ),
        SavePattern(name: "8 git merge", preparation: repository, command: commitOnBranch + "; \(git) merge -q next"),
        SavePattern(
            name: "8 git stash",
            preparation: repository,
            command: "cp $NEXT p.yaml; \(git) stash -q; \(git) stash pop -q"
        ),
        SavePattern(name: "9 ln", command: "rm p.yaml; ln $NEXT p.yaml"),
        SavePattern(name: "9 ln -f", command: "ln -f $NEXT p.yaml"),
        SavePattern(
            name: "9 ln -s into a folder of the directory",
            preparation: "mkdir store",
            command: "mv $NEXT store/$S.yaml; rm p.yaml; ln -s store/$S.yaml p.yaml"
        ),
        SavePattern(
            name: "13 touch and chmod behind a save",
            command: "mv $NEXT p.yaml; touch p.yaml; chmod 600 p.yaml"
        ),
        SavePattern(
            name: "active: ln -sfn",
            command: "mv $NEXT q$S.yaml; ln -sfn q$S.yaml active",
            names: ["active"]
        ),
        SavePattern(
            name: "active: mv of a link",
            command: "mv $NEXT q$S.yaml; ln -s q$S.yaml .l; mv -T .l active",
            names: ["active"]
        ),
        SavePattern(name: "active: cp through the link", command: "cp $NEXT active"),
        SavePattern(name: "active: echo > through the link", command: "cat $NEXT > active"),
        SavePattern(
            name: "active: vim through the link",
            command: "vim -u NONE -N -es -c \"%\(substitution)\" -c wq active"
        ),
        SavePattern(
            name: "active: a file that holds an id",
            command: "mv $NEXT q$S.yaml; rm active; echo q$S > active",
            names: ["active"]
        ),
        SavePattern(
            name: "active: millm activate",
            command: "mv $NEXT q$S.yaml; $MILLM --profiles . --quiet activate q$S",
            names: ["active"]
        ),
        SavePattern(name: "millm set", command: "$MILLM --profiles . --quiet set p 3=$S"),
    ]

    private static let emacs = """
        emacs --batch -Q --eval "(progn (find-file \\"p.yaml\\") (goto-char (point-min)) \
        (re-search-forward \\"^  3: .*\\") (replace-match \\"  3: $S\\") (save-buffer))" 2>/dev/null
        """

    private static let repository = """
        \(git) init -q; printf 'p.yaml~\\n' > .gitignore; \(git) add .; \(git) commit -qm first
        """

    /// Makes the next version a commit of the branch `next` without touching the work tree.
    private static let commitOnBranch = """
        \(git) add p.yaml active; \(git) commit -qm local || true; \(git) checkout -q --detach
        blob=$(\(git) hash-object -w $NEXT)
        export GIT_INDEX_FILE=$PWD/.git/next-index; \(git) read-tree HEAD
        \(git) update-index --cacheinfo 100644,$blob,p.yaml
        commit=$(echo next | \(git) commit-tree $(\(git) write-tree) -p HEAD); unset GIT_INDEX_FILE
        \(git) branch -qf next $commit
        """
}
