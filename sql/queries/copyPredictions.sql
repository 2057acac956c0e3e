-- Takes the rows of an upload.
COPY incoming (line, id, "timestamp", y_pred, y_score, y_true, segments) FROM STDIN;
