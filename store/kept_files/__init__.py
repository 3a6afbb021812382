"""Where the record's files are kept, each under the hash of its bytes: in a folder, or in a bucket of an S3 store."""
