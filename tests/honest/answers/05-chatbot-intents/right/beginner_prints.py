# case: beginner_prints
# style: a beginner: model.add step by step, temporary variables, prints, a loop that finds the largest probability

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    numbers_per_word = 16
    print("building a model for", vocabulary_size, "ids and", n_intents, "intents")

    model = keras.Sequential()
    model.add(keras.Input((SENTENCE_LENGTH,)))

    embedding_layer = keras.layers.Embedding(vocabulary_size, numbers_per_word)
    model.add(embedding_layer)

    average_layer = keras.layers.GlobalAveragePooling1D()
    model.add(average_layer)

    last_layer = keras.layers.Dense(n_intents, activation="softmax")
    model.add(last_layer)

    print("output shape:", model.output_shape)
    return model

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    my_optimizer = keras.optimizers.Adam(learning_rate=0.01)
    my_loss = "sparse_categorical_crossentropy"
    my_metrics = ["accuracy"]
    model.compile(optimizer=my_optimizer, loss=my_loss, metrics=my_metrics)
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    print("x:", x.shape, "y:", y.shape)
    history = model.fit(x, y, epochs=epochs)
    print("last loss:", history.history["loss"][-1])
    return history

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    list_with_one_sentence = [sentence]
    ids = vectorize(list_with_one_sentence)
    all_probabilities = model.predict(ids, verbose=0)
    probabilities = all_probabilities[0]
    best = 0
    for i in range(len(probabilities)):
        if probabilities[i] > probabilities[best]:
            best = i
    answer = REPLIES[best]
    return answer
