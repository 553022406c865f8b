"""Static files with a hash in their names, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KiranaStaticStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports between our ES modules too, since the browser follows them by name."""

    support_js_module_import_aggregation = True
