"""Backups: a folder of snapshots of the record, and of every file that it names, kept once for all of them."""

from store.backup.archive import archive as archive
from store.backup.check import check_backup as check_backup
from store.backup.restoring import Destination as Destination
from store.backup.restoring import Replaced as Replaced
from store.backup.restoring import restore as restore
from store.backup.target import Backup as Backup
from store.backup.target import Manifest as Manifest
from store.backup.target import backups as backups
from store.backup.target import backups_of_record as backups_of_record
from store.backup.target import find_backup as find_backup
from store.backup.writing import back_up as back_up
