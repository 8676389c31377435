-- Whether all messages of a document hold is read from a few entries of an index, however many share its number.
-- depends: 0031_tos_reports

CREATE INDEX tos_message_version ON tos_message (terminal, sender, kind, document, version) WHERE document <> '';
CREATE INDEX tos_message_settles ON tos_message (terminal, sender, kind, document)
    WHERE document <> '' AND (function <> 'adds' OR NOT complete);
DROP INDEX tos_message_document;
