# case: balanced_classes
# style: a scikit-learn person: balanced class weights as in compute_class_weight, predict_proba and classes

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    clf = keras.Sequential()
    clf.add(keras.Input((SENTENCE_LENGTH,)))
    clf.add(keras.layers.Embedding(vocabulary_size, 16))
    clf.add(keras.layers.GlobalAveragePooling1D())
    clf.add(keras.layers.Dense(n_intents, activation="softmax"))
    return clf

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], optimizer=keras.optimizers.Adam(learning_rate=0.015))
    return model

# %% train_model
def balanced_weights(y):
    classes, counts = np.unique(y, return_counts=True)
    return {int(c): float(len(y) / (len(classes) * n)) for c, n in zip(classes, counts)}


def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x, y, epochs=epochs, class_weight=balanced_weights(y), verbose=0)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    classes = np.arange(len(REPLIES))
    predict_proba = model.predict(vectorize([sentence]), verbose=0)
    predicted = classes[predict_proba.argmax(axis=1)]
    return REPLIES[predicted[0]]
